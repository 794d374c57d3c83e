//! Bibliographies: entries that another program reads.

use std::collections::HashSet;

use biblatex::{Bibliography, ChunksExt};
use domain::paper::PaperCard;
use formats::cite::{bibliography, bibtex};
use testing::{Library, PaperBuilder, a_paper, key};

fn read(text: &str) -> Bibliography {
    Bibliography::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

async fn all_cards(library: &Library) -> Vec<PaperCard> {
    let ids: Vec<i64> = library
        .store
        .export_after(0, 10_000)
        .await
        .expect("exported")
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    library.store.cards(&ids, None, usize::MAX).await.expect("cards")
}

#[tokio::test]
async fn the_sample_reads_back_entry_by_entry() {
    let library = Library::of_the_sample().await;
    let cards = all_cards(&library).await;
    let read = read(&bibliography(&cards));
    assert_eq!(read.len(), 119);
    let keys: HashSet<&str> = read.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(keys.len(), 119);
    for (card, entry) in cards.iter().zip(read.iter()) {
        let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        assert_eq!(
            plain(&entry.title().expect("a title").format_verbatim()),
            plain(&card.title),
            "{}",
            bibtex(card)
        );
        assert_eq!(
            entry.author().map_or(0, |authors| authors.len()),
            card.authors.len(),
            "{}",
            bibtex(card)
        );
        assert_eq!(
            entry.get("eprint").map(ChunksExt::format_verbatim),
            card.key.arxiv_id().map(ToString::to_string)
        );
    }
}

#[tokio::test]
async fn an_odd_title_or_name_cannot_leave_its_field() {
    let titles = [
        "Unbalanced } brace @misc{evil, title = {x}}",
        "Opening { only",
        "Ends with a backslash \\",
        "100% of R&D costs $5 and #1 a_b ~ c^2",
        "Of $x_1^2 & y$ and \\alpha",
        "\\emph{kept} \\\\ twice",
        "“Größe” 深層学習 🦀",
    ];
    let papers: Vec<_> = titles
        .iter()
        .enumerate()
        .map(|(n, title)| {
            a_paper(&format!("2611.{n:05}")).titled(title).by(&[
                "A. } B",
                "Ada, Countess of Lovelace",
                "Rock and Roll Team",
                "“Q” de la Q",
            ])
        })
        .collect();
    let library = Library::of(&papers).await;
    let cards = all_cards(&library).await;
    for card in &cards {
        let text = bibtex(card);
        let read = read(&text);
        assert_eq!(read.len(), 1, "{text}");
        let entry = read.iter().next().expect("an entry");
        assert_eq!(entry.author().expect("authors").len(), 4, "{text}");
        assert_eq!(
            entry.get("eprint").map(ChunksExt::format_verbatim),
            Some(card.key.to_string()),
            "{text}"
        );
    }
    assert_eq!(read(&bibliography(&cards)).len(), titles.len());
}

#[tokio::test]
async fn special_characters_are_escaped_outside_formulas() {
    let library = Library::of(&[a_paper("2611.00001").titled("O(n^2) ~ 5% & $a^2$")]).await;
    let text = bibtex(&library.card("2611.00001").await);
    let broken = bibtex(&PaperCard {
        title: "5% of {R & D_x".into(),
        ..library.card("2611.00001").await
    });
    assert!(
        broken.contains(r"{{5\% of \textbraceleft{}R \& D\_x}}"),
        "{broken}"
    );
    assert!(
        text.contains(r"{{O(n\textasciicircum{}2) \textasciitilde{} 5\% \& $a^2$}}"),
        "{text}"
    );
}

#[tokio::test]
async fn a_paper_with_only_a_title_is_cited_by_its_title() {
    let library = Library::of(&[testing::a_titled_paper("Only a title")]).await;
    let name = domain::PaperKey::of_title("Only a title").to_string();
    let card = library
        .store
        .paper(&key(&name), None)
        .await
        .expect("answer")
        .expect("paper")
        .card;
    assert_eq!(
        bibtex(&card),
        format!("@misc{{{name},\n  title = {{{{Only a title}}}},\n}}\n")
    );
}
