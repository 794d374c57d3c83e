//! arXiv identifiers in every form that people paste and other programs write.

use domain::ArxivId;
use proptest::prelude::*;

/// Forms of 2611.01234.
const FORMS: &[&str] = &[
    // Identifiers and file names.
    "2611.01234",
    "2611.01234v2",
    "2611.01234V2",
    "2611.01234 v2",
    "2611.01234.",
    "(2611.01234)",
    "“2611.01234”,",
    "2611.01234v2.pdf",
    "2611.01234.PDF",
    "2611.01234v1.tar.gz",
    // arXiv's own label.
    "arXiv:2611.01234",
    "ARXIV:2611.01234v3",
    "arXiv: 2611.01234",
    "arXiv 2611.01234",
    "arXiv : 2611.01234",
    "arXiv.2611.01234",
    "arXiv2611.01234",
    "arxiv-2611.01234",
    "arXiv/2611.01234",
    "arXiv identifier 2611.01234",
    "arXiv:2611.01234 [cs.LG]",
    "2611.01234 [hep-th]",
    "arXiv:2611.01234v2 [cs.LG] 24 Nov 2026",
    "arXiv:2611.01234v1  [math.AG]  4 Nov 2026",
    "arXiv:2611.01234 [physics.flu-dyn] (2026)",
    "arXiv:2611.01234v2 [stat.ML], Tue, 24 November 2026.",
    "arXiv preprint arXiv:2611.01234 (2026).",
    "arXiv:2611.01234 [cs.LG] (or arXiv:2611.01234v1 [cs.LG] for this version)",
    "Cite as: arXiv:2611.01234 [cs.LG] https://doi.org/10.48550/arXiv.2611.01234",
    "[2611.01234] A title of a paper",
    "[2611.01234v2] Another title, with [brackets] and 12 numbers",
    "[arXiv:2611.01234] Title",
    // URLs of arXiv.
    "https://arxiv.org/abs/2611.01234",
    "http://arxiv.org/abs/2611.01234v1",
    "HTTPS://ARXIV.ORG/ABS/2611.01234",
    "https://arxiv.org/abs/2611.01234.",
    "https://arxiv.org/abs/2611.01234)",
    "https://arxiv.org/abs/2611.01234/",
    "https://arxiv.org/abs/2611.01234?context=cs#top",
    "https://arxiv.org/abs/arXiv:2611.01234",
    "https://arxiv.org/pdf/2611.01234v2.pdf",
    "https://www.arxiv.org/pdf/2611.01234.pdf?download=1",
    "https://arxiv.org/html/2611.01234v1/",
    "https://arxiv.org/html/2611.01234v1#S2.F1",
    "https://arxiv.org/src/2611.01234v1",
    "https://arxiv.org/src/2611.01234v1/anc/data.csv",
    "https://arxiv.org/e-print/2611.01234",
    "https://arxiv.org/ps/2611.01234v1",
    "https://arxiv.org/format/2611.01234",
    "https://arxiv.org/2611.01234",
    "//arxiv.org/abs/2611.01234",
    "arxiv.org/abs/2611.01234",
    "export.arxiv.org/abs/2611.01234",
    "https://export.arxiv.org/abs/2611.01234v1",
    "http://xxx.lanl.gov/abs/2611.01234",
    "https://arxiv.org:443/abs/2611.01234",
    "<https://arxiv.org/abs/2611.01234>",
    "src/2611.01234",
    "e-print/2611.01234v1",
    "html/2611.01234",
    "ps/2611.01234",
    "/abs/2611.01234",
    // DOIs.
    "10.48550/arXiv.2611.01234",
    "10.48550/ARXIV.2611.01234",
    "doi:10.48550/arXiv.2611.01234",
    "DOI: 10.48550/arXiv.2611.01234",
    "https://doi.org/10.48550/arXiv.2611.01234",
    "http://dx.doi.org/10.48550/arxiv.2611.01234",
    "doi.org/10.48550/arXiv.2611.01234",
    "https://doi.org/10.48550%2FarXiv.2611.01234",
    "https%3A%2F%2Farxiv.org%2Fabs%2F2611.01234",
    // Other names.
    "oai:arXiv.org:2611.01234",
    "OAI:arxiv.org:2611.01234",
    "info:arxiv/2611.01234",
    // Other sites.
    "https://huggingface.co/papers/2611.01234",
    "huggingface.co/papers/2611.01234",
    "https://hf.co/papers/2611.01234",
    "https://huggingface.co/papers/2611.01234#6740a1",
    "https://www.alphaxiv.org/abs/2611.01234",
    "https://alphaxiv.org/overview/2611.01234v1",
    "https://www.alphaxiv.org/pdf/2611.01234",
    "https://www.alphaxiv.org/es/overview/2611.01234",
    "https://ar5iv.org/abs/2611.01234",
    "https://ar5iv.labs.arxiv.org/html/2611.01234",
    "https://www.arxiv-vanity.com/papers/2611.01234/",
    "https://api.semanticscholar.org/arXiv:2611.01234",
    "https://www.semanticscholar.org/arxiv/2611.01234",
    "https://scirate.com/arxiv/2611.01234",
    "https://ui.adsabs.harvard.edu/abs/arXiv:2611.01234",
    "https://alphaxiv.org/overview/2611.01234v1?chat=1",
    "https://huggingface.co/papers/2611.01234#community",
    "https://huggingface.co/api/papers/2611.01234",
    "https://browse.arxiv.org/abs/2611.01234",
    "https://browse.arxiv.org/html/2611.01234v2#S3",
    "https://arxiv.org/html/2611.01234v2#S3",
    "https://export.arxiv.org/pdf/2611.01234v3.pdf",
    "https:/arxiv.org/abs/2611.01234",
    // Pages of Broadsheet, on any host and with any base path.
    "http://localhost:3000/papers/2611.01234",
    "http://127.0.0.1/papers/2611.01234?authors=all#authors",
    "https://papers.example.org/papers/2611.01234/",
    "https://example.org/reader/papers/2611.01234.bib",
    "https://example.org/pictures/papers/2611.01234.png",
    "example.org/papers/2611.01234",
    "/papers/2611.01234",
    "/base/papers/2611.01234",
    // BibTeX, Zotero, Markdown, TeX.
    "eprint = {2611.01234}",
    "eprint={2611.01234},",
    "eprint = \"2611.01234\",",
    "eprint=2611.01234",
    "archivePrefix={arXiv},eprint={2611.01234},primaryClass={cs.LG}",
    "journal = {arXiv preprint arXiv:2611.01234},",
    "url = {https://arxiv.org/abs/2611.01234},",
    "volume = {abs/2611.01234},",
    "@misc{lovelace2026, title={On engines}, eprint={2611.01234}, eprinttype={arxiv} }",
    "_eprint: 2611.01234",
    "[arXiv:2611.01234](https://arxiv.org/abs/2611.01234)",
    "[A title (of a paper)](https://arxiv.org/abs/2611.01234v2)",
    "[[2611.01234] A title](http://arxiv.org/abs/2611.01234)",
    "\\url{https://arxiv.org/abs/2611.01234}",
    "\\href{https://arxiv.org/abs/2611.01234}{A title}",
    "<a href=\"https://arxiv.org/abs/2611.01234\">A title</a>",
    "howpublished = {\\url{https://arxiv.org/abs/2611.01234}},",
    "[1] arXiv:2611.01234",
    "**2611.01234**",
    "`2611.01234`",
    // Invisible characters that are copied by accident.
    "\u{a0}2611.01234\u{3000}",
    "\u{200b}2611.01234\u{feff}",
    "2611.\u{ad}01234",
    "2611.\u{200b}01234",
    "26\u{2060}11.01234",
    "2611．01234",
    "2611.01234–",
    "–2611.01234",
    "arXiv–2611.01234",
    "2611․01234",
    "2611。01234",
    "\u{202a}https://arxiv.org/abs/2611.01234\u{202c}",
    "arXiv：2611.01234",
    "２６１１．０１２３４",
    "［2611.01234］ A title",
    "arXiv:\u{a0}2611.01234",
    " 2611.01234\r\n",
];

#[test]
fn every_pasted_form_finds_its_paper() {
    for text in FORMS {
        let id = ArxivId::from_pasted(text);
        assert_eq!(id.as_ref().map(ArxivId::as_str), Some("2611.01234"), "{text:?}");
    }
}

#[test]
fn identifiers_from_before_2007_keep_their_archive() {
    for (text, id) in [
        ("hep-th/9901001", "hep-th/9901001"),
        ("HEP-TH/9901001v2", "hep-th/9901001"),
        ("hep‐th/9901001", "hep-th/9901001"),
        ("hep–th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/abs/hep–th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/pdf/hep-th/9901001", "hep-th/9901001"),
        ("http://localhost:3000/papers/hep-th/9901001", "hep-th/9901001"),
        (
            "https://example.org/base/papers/hep-th/9901001.bib",
            "hep-th/9901001",
        ),
        ("math.GT/0309136", "math/0309136"),
        ("arXiv:math.GT/0309136v1 [math.GT]", "math/0309136"),
        ("cmp-lg/9808001", "cmp-lg/9808001"),
        ("oai:arXiv.org:cmp-lg/9808001", "cmp-lg/9808001"),
        ("https://arxiv.org/abs/solv-int/9701001v1", "solv-int/9701001"),
        ("https://arxiv.org/pdf/hep-th/9901001v1.pdf", "hep-th/9901001"),
        ("https://arxiv.org/hep-th/9901001", "hep-th/9901001"),
        ("http://xxx.lanl.gov/abs/quant-ph/9901001", "quant-ph/9901001"),
        ("https://doi.org/10.48550/arXiv.hep-th/9901001", "hep-th/9901001"),
        ("eprint = {cond-mat/0501001},", "cond-mat/0501001"),
        ("[hep-th/9901001] Title", "hep-th/9901001"),
        ("<astro-ph/0501001>.", "astro-ph/0501001"),
    ] {
        assert_eq!(
            ArxivId::from_pasted(text).map(String::from).as_deref(),
            Some(id),
            "{text}"
        );
    }
}

#[test]
fn any_other_text_is_a_search() {
    for text in [
        "",
        "attention",
        "2510.01234 attention",
        "attention 2510.01234",
        "A title [2510.01234]",
        "2510.01234 2510.01235",
        "[2510.01234] and [2510.01235]",
        "2510.01234 2025",
        "may 2510.01234",
        "2510.01234 cs.LG",
        "arXiv",
        "arXiv:",
        "arXiv: attention",
        "eprint",
        "https://arxiv.org/abs/",
        "https://arxiv.org/list/cs.LG/new",
        "https://arxiv.org/abs/../../x",
        "https://www.alphaxiv.org/abs/2611.some-slug",
        "https://huggingface.co/datasets/ada/2611.01234",
        "https://huggingface.co/ada/2611.01234",
        "https://example.com/abs/2611.01234",
        "https://example.com/papers/2611.01234/reviews",
        "https://example.com/papers/attention",
        "https://arxiv.org/a/lovelace_a_1",
        "https://scholar.archive.org/work/abcdefghij",
        "https://paperswithcode.com/paper/attention-is-all-you-need",
        "https://huggingface.co/ada/papers/2611.01234",
        "https://notarxiv.org/abs/2611.01234",
        "https://arxiv.org.evil.example/abs/2611.01234",
        "https://arxiv.org/pdf/9901001",
        "pdf/9901001",
        "and/0101001",
        "2613.01234",
        "2611.01234v0",
        "2611.01234v1000",
        "12.2024",
        "10.1103/PhysRevD.1.1",
        "Ünïcode",
        "arXiv:é",
        "cat:cs.LG 2611.01234",
        "\"2611.01234\" au:Lovelace",
    ] {
        assert_eq!(ArxivId::from_pasted(text), None, "{text}");
    }
}

#[test]
fn the_identifier_of_a_record_is_read_with_its_version() {
    for (text, id, version) in [
        ("2611.01234", "2611.01234", None),
        (" 2611.01234v3\n", "2611.01234", Some(3)),
        ("http://arxiv.org/abs/2611.01234v1", "2611.01234", Some(1)),
        ("https://arxiv.org/pdf/2611.01234v12.pdf", "2611.01234", Some(12)),
        ("arXiv:2611.01234", "2611.01234", None),
        ("arXiv:2611.01234v2 [cs.LG]", "2611.01234", Some(2)),
        ("oai:arXiv.org:2611.01234", "2611.01234", None),
        ("oai:arXiv.org:cmp-lg/9808001", "cmp-lg/9808001", None),
        ("cs/9808001v1", "cs/9808001", Some(1)),
        ("http://arxiv.org/abs/math.GT/0309136v2", "math/0309136", Some(2)),
        ("https://doi.org/10.48550/arXiv.2611.01234", "2611.01234", None),
        ("10.48550/ARXIV.2611.01234", "2611.01234", None),
        ("https://huggingface.co/papers/2611.01234", "2611.01234", None),
        ("abs/2611.01234v1", "2611.01234", Some(1)),
        ("\u{feff}2611.01234", "2611.01234", None),
    ] {
        let (found, its_version) = ArxivId::from_record(text).expect(text);
        assert_eq!((found.as_str(), its_version), (id, version), "{text}");
    }
    for text in [
        "",
        "NaN",
        "1",
        "https://openreview.net/forum?id=2611.01234",
        "10.1103/PhysRevD.1.1",
        "[2611.01234] A title",
        "2611.01234 and more",
        "abs/9901001",
        "2611.01234 2611.01235",
    ] {
        let error = ArxivId::from_record(text).expect_err(text);
        assert!(
            error.to_string().contains("is not an arXiv identifier"),
            "{error}"
        );
    }
}

#[test]
fn a_shared_text_gives_its_first_identifier() {
    for text in [
        "[2611.01234] A title, and what it says",
        "Look at this: https://arxiv.org/abs/2611.01234v2.",
        "A title (arXiv:2611.01234)\nhttps://example.com/",
        "<https://huggingface.co/papers/2611.01234>",
        "Title | alphaXiv https://www.alphaxiv.org/overview/2611.01234v1",
        "see arXiv: 2611.01234 [cs.LG], and 2510.00001",
        "“A title” doi:10.48550/arXiv.2611.01234",
        "Titel：https://arxiv.org/abs/2611.01234。",
        "论文见arXiv:2611.01234上",
        "Title:http://arxiv.org/abs/2611.01234",
    ] {
        assert_eq!(
            ArxivId::in_text(text).map(String::from).as_deref(),
            Some("2611.01234"),
            "{text}"
        );
    }
    for text in [
        "",
        "A title",
        "https://example.com/2611.01234",
        "on 12.2024 at 10:30",
    ] {
        assert_eq!(ArxivId::in_text(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "(arxiv:|https://arxiv.org/abs/|2611\\.01234|[v0-9./\\[\\](){}<>%=@ -]|\\PC){0,20}") {
        let pasted = ArxivId::from_pasted(&text);
        if let Ok((id, _)) = ArxivId::from_record(&text) {
            prop_assert_eq!(pasted, Some(id));
        }
        if let Some(id) = ArxivId::in_text(&text) {
            prop_assert_eq!(ArxivId::from_pasted(id.as_str()), Some(id));
        }
    }
}
