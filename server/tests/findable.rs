//! What search engines, link previews and reference managers read, checked with independent parsers.
//!
//! The file is long because it reads each page with several independent parsers.

mod common;

use std::collections::{BTreeMap, HashSet};

use axum::{
    body::to_bytes,
    http::{HeaderMap, Method, StatusCode, header},
};
use common::{Answer, Broadsheet, PUBLIC_URL, SAMPLE, html::tags, noon, request, walk};
use domain::{
    Paper,
    paper::{CounterReading, Source},
};
use serde_json::Value;
use testing::visible::unescaped;
use tower::ServiceExt;

/// A paper whose metadata tries to break out of every format.
const HOSTILE: &str = "2611.00007";
const HOSTILE_TITLE: &str =
    "</script><script>alert(1)</script> \"><img src=x onerror=alert(1)> <!-- ' & \u{2028} ]]>";

fn hostile() -> Paper {
    Paper {
        source: Source::Arxiv,
        arxiv_id: HOSTILE.parse().ok(),
        title: HOSTILE_TITLE.to_owned(),
        abstract_text: format!("{HOSTILE_TITLE} of $x^2 < y$."),
        authors: vec!["Ada </script> \"O'Neil\" & Co".into(), "Bo; Li".into()],
        published: "2026-11".parse().ok(),
        doi: Some("10.1/<\"a\"> 10.2/b".to_owned()),
        journal_ref: Some("J. of </script> Things 12 (2026) 3".to_owned()),
        license: Some("http://example.org/</script>".to_owned()),
        categories: vec!["cs.LG".parse().expect("a category")],
        ..Paper::default()
    }
}

/// The `meta` elements of a head: name (or property) and content, unescaped.
fn metas(page: &Answer) -> Vec<(String, String)> {
    let head = page.body.split("</head>").next().unwrap_or_default();
    tags(head)
        .into_iter()
        .filter(|tag| tag.starts_with("meta "))
        .filter_map(|tag| {
            let value = |name: &str| {
                let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
                Some(unescaped(rest.split('"').next()?))
            };
            Some((value("property").or_else(|| value("name"))?, value("content")?))
        })
        .collect()
}

fn all<'a>(metas: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    metas
        .iter()
        .filter(|(known, _)| known == name)
        .map(|(_, content)| content.as_str())
        .collect()
}

#[track_caller]
fn one<'a>(metas: &'a [(String, String)], name: &str) -> &'a str {
    match all(metas, name)[..] {
        [content] => content,
        ref other => panic!("{name}: {other:?}"),
    }
}

/// The JSON-LD of a page.
fn data(page: &Answer) -> Vec<Value> {
    page.body
        .split("<script type=\"application/ld+json\"")
        .skip(1)
        .map(|rest| {
            let (_, rest) = rest.split_once('>').expect("an element");
            let (json, _) = rest.split_once("</script>").expect("its end");
            serde_json::from_str(json).unwrap_or_else(|error| panic!("{}: {error}\n{json}", page.what))
        })
        .collect()
}

/// An answer in bytes.
async fn raw(
    broadsheet: &Broadsheet,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let response = broadsheet
        .router
        .clone()
        .oneshot(request(Method::GET, path, headers, ""))
        .await
        .expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    (status, headers, body.to_vec())
}

/// The pixels of a picture, after checking its size and that it has many colours.
async fn picture(broadsheet: &Broadsheet, path: &str) -> Vec<u8> {
    let (status, headers, body) = raw(broadsheet, path, &[]).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    assert_eq!(headers[header::CONTENT_TYPE], "image/png", "{path}");
    let mut reader = png::Decoder::new(std::io::Cursor::new(body))
        .read_info()
        .expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("a picture");
    assert_eq!((info.width, info.height), (1200, 630), "{path}");
    let colours: HashSet<&[u8]> = pixels.chunks_exact(4).collect();
    assert!(colours.len() > 20, "{path}: {} colours", colours.len());
    pixels
}

#[tokio::test]
async fn every_page_with_a_canonical_address_has_a_link_preview() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let mut pictures = HashSet::new();
    for path in [
        "/",
        "/?category=cs.LG",
        "/?sort=new&q=%22%3E%3Cscript%3E",
        "/month/2023-10",
        "/papers/2510.20838",
        "/about/ranking",
        "/about/sources",
        "/subscribe",
    ] {
        let page = broadsheet.get(path).await;
        page.assert_safe();
        let metas = metas(&page);
        let canonical = page
            .body
            .split("<link rel=\"canonical\" href=\"")
            .nth(1)
            .expect(path);
        let canonical = unescaped(canonical.split('"').next().expect("its end"));
        assert_eq!(one(&metas, "og:url"), canonical, "{path}");
        assert!(canonical.starts_with(PUBLIC_URL), "{canonical}");
        assert_eq!(one(&metas, "og:site_name"), "Broadsheet");
        assert_eq!(one(&metas, "twitter:card"), "summary_large_image");
        assert_eq!(one(&metas, "description"), one(&metas, "og:description"));
        assert!(one(&metas, "description").chars().count() <= 200, "{path}");
        assert!(!one(&metas, "og:title").is_empty() && !one(&metas, "og:image:alt").is_empty());
        assert_eq!(
            (one(&metas, "og:image:width"), one(&metas, "og:image:height")),
            ("1200", "630")
        );
        let image = one(&metas, "og:image")
            .strip_prefix(PUBLIC_URL)
            .expect("absolute")
            .to_owned();
        pictures.insert(image);
        let kind = if path.starts_with("/papers/") {
            "article"
        } else {
            "website"
        };
        assert_eq!(one(&metas, "og:type"), kind, "{path}");
    }
    assert_eq!(pictures.len(), 3, "{pictures:?}");
    for path in pictures {
        picture(&broadsheet, &path).await;
    }
    for path in ["/bookmarks", "/searches", "/nothing", "/confirm/x"] {
        let metas = metas(&broadsheet.get(path).await);
        assert!(
            all(&metas, "og:url").is_empty() && all(&metas, "og:title").is_empty(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn reference_managers_can_read_the_page_of_a_paper() {
    let broadsheet = Broadsheet::with_the_sample().await;
    for name in walk(&broadsheet, "/?sort=new").await.into_iter().take(30) {
        let page = broadsheet.get(&format!("/papers/{name}")).await;
        let key = name.parse().expect("a key");
        let paper = broadsheet
            .state
            .store
            .paper(&key, None)
            .await
            .expect("read")
            .expect("there");
        let metas = metas(&page);
        assert_eq!(
            all(&metas, "citation_author").len(),
            paper.card.author_count,
            "{name}"
        );
        assert!(!one(&metas, "citation_title").contains('$'), "{name}");
        let date = one(&metas, "citation_publication_date");
        assert_eq!(
            date.replace('/', "-"),
            paper.card.published.expect("a date").label()
        );
        if let Some(id) = key.arxiv_id() {
            assert_eq!(one(&metas, "citation_arxiv_id"), id.as_str());
            assert_eq!(
                one(&metas, "citation_pdf_url"),
                format!("https://arxiv.org/pdf/{id}")
            );
            assert!(one(&metas, "citation_doi").starts_with("10."));
        }
        assert_eq!(
            one(&metas, "citation_abstract_html_url"),
            format!("{PUBLIC_URL}/papers/{name}")
        );
        page.assert_says(&format!(
            "type=\"application/x-bibtex\" title=\"BibTeX\" href=\"/papers/{name}.bib\""
        ));
        let [article] = &data(&page)[..] else {
            panic!("{name}: one article")
        };
        assert_eq!(article["@type"], "ScholarlyArticle");
        assert_eq!(article["name"], one(&metas, "citation_title"));
        assert_eq!(article["url"], one(&metas, "og:url"));
        assert_eq!(article["image"], one(&metas, "og:image"));
        assert_eq!(
            article["author"].as_array().map_or(0, Vec::len),
            paper.card.author_count
        );
        assert_eq!(
            article["datePublished"],
            paper.card.published.expect("a date").label()
        );
    }
}

#[tokio::test]
async fn the_front_page_describes_its_search() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let [site] = &data(&broadsheet.get("/").await)[..] else {
        panic!("one site")
    };
    assert_eq!(site["@type"], "WebSite");
    let template = site["potentialAction"]["target"]["urlTemplate"]
        .as_str()
        .expect("a template");
    let path = template
        .replace("{search_term_string}", "convergence")
        .replace(PUBLIC_URL, "");
    assert!(!broadsheet.get(&path).await.cards().is_empty());
    assert!(data(&broadsheet.get("/?sort=new").await).is_empty());
}

#[tokio::test]
async fn a_hostile_title_is_escaped_everywhere() {
    let broadsheet = Broadsheet::with_the_sample().await;
    broadsheet
        .state
        .store
        .save_papers(&[hostile()], noon())
        .await
        .expect("saved");
    let page = broadsheet.get(&format!("/papers/{HOSTILE}")).await;
    page.assert_safe();
    assert!(!page.says("<script>alert") && !page.says("<img src=x"));
    let metas = metas(&page);
    let title = one(&metas, "citation_title").to_owned();
    assert!(
        title.starts_with("</script><script>alert(1)</script> \"><img"),
        "{title}"
    );
    assert_eq!(one(&metas, "og:title"), title);
    assert_eq!(all(&metas, "citation_author").len(), 2);
    assert_eq!(one(&metas, "citation_publication_date"), "2026/11");
    assert_eq!(one(&metas, "citation_doi"), "10.1/<\"a\">");
    assert_eq!(one(&metas, "citation_journal_title"), "J. of </script> Things");
    assert!(all(&metas, "z:itemType").is_empty());
    let [article] = &data(&page)[..] else {
        panic!("one article")
    };
    assert_eq!(article["name"], title);
    assert_eq!(article["isPartOf"]["name"], "J. of </script> Things");
    assert_eq!(article["sameAs"][1], "https://doi.org/10.1/%3C%22a%22%3E");
    picture(&broadsheet, &format!("/pictures/papers/{HOSTILE}.png")).await;
}

#[tokio::test]
async fn a_picture_leaves_out_characters_that_its_fonts_lack() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let reported = |id: &str, title: &str| Paper {
        title: title.to_owned(),
        authors: vec!["王伟".into(), "\u{e000}\u{fffd}".into()],
        upvotes: Some(CounterReading { at: noon(), total: 7 }),
        ..Paper {
            arxiv_id: id.parse().ok(),
            ..hostile()
        }
    };
    // A title without any known character shows the identifier instead. A single unknown character is left out.
    let papers = [
        reported("2611.00011", "深度学习 \u{e000}\u{e001}\u{10fffd}"),
        reported("2611.00012", "arXiv:2611.00011"),
        reported("2611.00013", "Gradient\u{e000} descent 🚀"),
        reported("2611.00014", "Gradient descent"),
    ];
    broadsheet
        .state
        .store
        .save_papers(&papers, noon())
        .await
        .expect("saved");
    let mut shown = Vec::new();
    for paper in &papers {
        let id = paper.arxiv_id.as_ref().expect("an id");
        let pixels = picture(&broadsheet, &format!("/pictures/papers/{id}.png")).await;
        // Without the foot, which shows the identifier.
        shown.push(pixels[..1200 * 540 * 4].to_vec());
    }
    assert!(shown[0] == shown[1] && shown[2] == shown[3] && shown[0] != shown[2]);
}

#[tokio::test]
async fn a_picture_is_cached_until_its_content_changes() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let path = "/pictures/papers/2510.20838.png";
    let (status, headers, _) = raw(&broadsheet, path, &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=86400");
    assert!(headers.get(header::SET_COOKIE).is_none());
    let tag = headers[header::ETAG].to_str().expect("text").to_owned();
    let (status, headers, body) = raw(&broadsheet, path, &[("if-none-match", &tag)]).await;
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(headers[header::ETAG], tag.as_str());
    let (status, ..) = raw(&broadsheet, path, &[("if-none-match", "\"other\"")]).await;
    assert_eq!(status, StatusCode::OK);
    let moved = broadsheet.get("/pictures/papers/2510.20838v2.png").await;
    assert_eq!(
        (moved.status, moved.location()),
        (StatusCode::MOVED_PERMANENTLY, path)
    );
    for path in [
        "/pictures/papers/2510.99999.png",
        "/pictures/papers/2510.20838",
        "/pictures/papers/../../etc/passwd.png",
        "/pictures/papers/%ff.png",
        "/pictures/date/2023-10.png",
        "/pictures/date/1999-01-01.png",
        "/pictures/month/x.png",
        "/pictures",
    ] {
        let answer = broadsheet.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        answer.assert_safe();
    }
}

/// The addresses of a sitemap, and when each last changed.
fn places(answer: &Answer, root: &str) -> BTreeMap<String, Option<String>> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.what);
    assert_eq!(
        answer.header(header::CONTENT_TYPE),
        "application/xml; charset=utf-8"
    );
    let document = roxmltree::Document::parse(&answer.body).expect("XML");
    let top = document.root_element();
    assert_eq!(top.tag_name().name(), root);
    assert_eq!(
        top.tag_name().namespace(),
        Some("http://www.sitemaps.org/schemas/sitemap/0.9")
    );
    let text = |of: roxmltree::Node<'_, '_>, name: &str| {
        let found = of.children().find(|child| child.tag_name().name() == name)?;
        found.text().map(str::to_owned)
    };
    top.children()
        .map(|child| (text(child, "loc").expect("loc"), text(child, "lastmod")))
        .collect()
}

#[tokio::test]
async fn the_sitemaps_name_every_paper_and_edition_once() {
    let broadsheet = Broadsheet::with_the_sample().await;
    broadsheet
        .state
        .store
        .save_papers(&[hostile()], noon())
        .await
        .expect("saved");
    let robots = broadsheet.get("/robots.txt").await;
    let index = robots
        .body
        .lines()
        .find_map(|line| line.strip_prefix("Sitemap: "))
        .expect("a sitemap");
    assert_eq!(index, format!("{PUBLIC_URL}/sitemap.xml"));
    let parts = places(&broadsheet.get("/sitemap.xml").await, "sitemapindex");
    assert_eq!(parts.len(), 2);
    let mut papers = HashSet::new();
    for part in parts.keys() {
        let answer = broadsheet
            .get(part.strip_prefix(PUBLIC_URL).expect("absolute"))
            .await;
        let tag = answer.header(header::ETAG).to_owned();
        for (url, changed) in places(&answer, "urlset") {
            let path = url.strip_prefix(PUBLIC_URL).expect("absolute").to_owned();
            if let Some(changed) = &changed {
                let at: jiff::Timestamp = changed.parse().expect("a moment");
                assert!(at <= noon(), "{url}: {changed}");
            }
            if let Some(name) = path.strip_prefix("/papers/") {
                assert!(changed.is_some() && papers.insert(name.to_owned()), "{url}");
            } else {
                // Each address exists and may be indexed.
                let page = broadsheet.get(&path).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
                assert!(!page.says("noindex"), "{path}");
            }
        }
        let path = part.strip_prefix(PUBLIC_URL).expect("absolute");
        let again = broadsheet.get_with(path, &[("if-none-match", &tag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    }
    let listed: HashSet<String> = walk(&broadsheet, "/?sort=new").await.into_iter().collect();
    assert_eq!(listed.len(), SAMPLE + 1);
    assert_eq!(papers, listed);
    for path in [
        "/sitemap/papers-0.xml",
        "/sitemap/papers-2.xml",
        "/sitemap/papers-01.xml",
        "/sitemap/papers--1.xml",
        "/sitemap/x",
        "/sitemap/papers-9223372036854775807.xml",
    ] {
        assert_eq!(broadsheet.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_paper_that_arxiv_deleted_is_not_indexed() {
    let broadsheet = Broadsheet::with_the_sample().await;
    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", broadsheet.path.display()))
        .await
        .expect("the file");
    sqlx::query("update papers set removed_at = 1 where key = '2510.20838'")
        .execute(&pool)
        .await
        .expect("removed");
    let papers = places(&broadsheet.get("/sitemap/papers-1.xml").await, "urlset");
    assert_eq!(papers.len(), SAMPLE - 1);
    assert!(!papers.contains_key(&format!("{PUBLIC_URL}/papers/2510.20838")));
    broadsheet
        .get("/papers/2510.20838")
        .await
        .assert_says(r#"<meta name="robots" content="noindex">"#);
}
