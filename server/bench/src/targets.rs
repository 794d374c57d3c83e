//! What is asked of a running server, as whole requests. Links, cookies and file names come from its own answers.

use anyhow::{Context, ensure};
use form_urlencoded::byte_serialize;

use crate::{
    generator::Facts,
    library::Server,
    load::Side,
    raw::{DEPTH, RawQuery},
    requests::{Requests, get, post},
    wire::{Answer, Connection},
};

/// What a browser of today sends.
const BROWSER: &str = "accept-encoding: gzip, deflate, br, zstd";
/// What a browser says it wants to see.
const PAGE: &str = "accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
/// The category of the filtered page.
const CATEGORY: &str = "cs.CV";
/// Networks that bookmarks come from. The program lets one network write twice a second and remembers 50,000 networks;
/// this many may write 80,000 times a second in all.
const NETWORKS: usize = 40_000;
/// Paper pages asked for in turn.
const MOST_PAPERS: usize = 500;
/// Bookmarks of the reader whose front page is measured.
const BOOKMARKS: usize = 20;

/// The names of all targets, in the order of the table.
pub const NAMES: [&str; 13] = [
    "front page (br)",
    "front page (plain)",
    "front page (a reader)",
    "filtered page",
    "newest page 2",
    DEEP,
    "paper page",
    "search: rare word",
    "search: common word",
    "search: three words",
    "feed",
    "static file",
    "bookmark",
];
/// The page at depth 40; its second limit is the page that stands at depth 1.
pub const DEEP: &str = "newest depth 40";
/// Has as many papers as the deep page.
pub const SHALLOW: &str = "newest page 2";

/// The limit of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// A static body of the same size and encoding.
    Static,
    /// A bare handler that commits the same row.
    Commit,
}

/// One thing that is measured.
#[derive(Debug, Clone)]
pub struct Target {
    /// What to load.
    pub side: Side,
    /// What it is compared with.
    pub limit: Limit,
    /// The query of SQLite that it cannot do without.
    pub raw: Option<RawQuery>,
    /// Mean bytes of a body, from the first answers.
    pub bytes: usize,
    /// `Content-Encoding` of the answers; empty: none.
    pub encoding: String,
}

/// Builds a target by its name and tries it. The error says why it cannot be measured.
pub async fn build(name: &str, server: &Server, facts: &Facts) -> anyhow::Result<Target> {
    let host = &server.address;
    let page = |path: &str| get(path, host, &[PAGE.to_owned(), BROWSER.to_owned()]);
    let search = |words: &String| {
        let words: String = byte_serialize(words.as_bytes()).collect();
        page(&format!("/?q={words}"))
    };
    let searches = |words: &Vec<String>| words.iter().map(search).collect::<Vec<_>>();
    let found = |words: &Vec<String>| Some(RawQuery::Search(words.clone()));
    let words = &facts.words;
    let (requests, raw) = match name {
        "front page (br)" => (
            vec![get(
                "/",
                host,
                &[PAGE.to_owned(), "accept-encoding: br".to_owned()],
            )],
            None,
        ),
        "front page (plain)" => (vec![get("/", host, &[PAGE.to_owned()])], None),
        "front page (a reader)" => {
            let cookie = reader(server, facts, BOOKMARKS).await?;
            (
                vec![get("/", host, &[PAGE.to_owned(), BROWSER.to_owned(), cookie])],
                None,
            )
        }
        "filtered page" => (
            vec![page(&format!("/?category={CATEGORY}&sort=new"))],
            Some(RawQuery::Newest(CATEGORY)),
        ),
        SHALLOW => (vec![page(&turned(server, 1).await?)], Some(RawQuery::Newest(""))),
        DEEP => (vec![page(&turned(server, DEPTH).await?)], Some(RawQuery::Deep)),
        "paper page" => {
            let ids: Vec<String> = crate::words::spread(&facts.ids, MOST_PAPERS).cloned().collect();
            let requests = ids.iter().map(|id| page(&format!("/papers/{id}"))).collect();
            (requests, Some(RawQuery::Papers(ids)))
        }
        "search: rare word" => (searches(&words.rare), found(&words.rare)),
        "search: common word" => (searches(&words.common), found(&words.common)),
        "search: three words" => (searches(&words.three), found(&words.three)),
        // Readers of feeds know gzip at most.
        "feed" => (
            vec![get("/feed.atom", host, &["accept-encoding: gzip".to_owned()])],
            None,
        ),
        "static file" => (vec![page(&asset(server).await?)], None),
        _ => {
            let cookie = reader(server, facts, 1).await?;
            (bookmarks(host, facts, &cookie), None)
        }
    };
    let limit = if name == "bookmark" {
        Limit::Commit
    } else {
        Limit::Static
    };
    tried(server, Requests::new(requests)?, limit, raw).await
}

/// Sends the first requests once: all must be answered with success.
async fn tried(
    server: &Server,
    requests: Requests,
    limit: Limit,
    raw: Option<RawQuery>,
) -> anyhow::Result<Target> {
    let mut connection = Connection::open(&server.address).await?;
    let (mut bytes, mut encoding) = (0, String::new());
    let first = requests.all().iter().take(50);
    let count = first.len();
    for request in first {
        let answer = connection.exchange(request).await?;
        let line = String::from_utf8_lossy(request)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        ensure!(
            (200..300).contains(&answer.status),
            "`{line}` is answered with status {}",
            answer.status
        );
        bytes += answer.bytes;
        encoding = connection.header("content-encoding").unwrap_or_default();
    }
    Ok(Target {
        side: Side {
            address: server.address.clone(),
            pid: server.running.id(),
            requests,
        },
        limit,
        raw,
        bytes: bytes / count.max(1),
        encoding,
    })
}

async fn fetch(connection: &mut Connection, server: &Server, path: &str) -> anyhow::Result<(Answer, String)> {
    let answer = connection
        .exchange(&get(path, &server.address, &[PAGE.to_owned()]))
        .await?;
    ensure!(
        answer.status == 200,
        "{path} is answered with status {}",
        answer.status
    );
    let text = connection.text(&answer);
    Ok((answer, text))
}

/// The address of the page after so many turns from the newest papers.
async fn turned(server: &Server, turns: usize) -> anyhow::Result<String> {
    let mut connection = Connection::open(&server.address).await?;
    let mut path = "/?sort=new".to_owned();
    for turn in 0..turns {
        let (_, text) = fetch(&mut connection, server, &path).await?;
        path = next_link(&text).with_context(|| format!("page {} has no next link", turn + 1))?;
    }
    Ok(path)
}

/// The `href` of the link with `rel="next"`.
fn next_link(html: &str) -> Option<String> {
    let tag = html
        .split('<')
        .filter_map(|part| Some(part.split_once('>')?.0))
        .find(|tag| tag.starts_with("a ") && tag.contains("rel=\"next\""))?;
    let (_, rest) = tag.split_once("href=\"")?;
    Some(rest.split_once('"')?.0.replace("&amp;", "&"))
}

/// The address of the style sheet or, if it stands in the page, of a script.
async fn asset(server: &Server) -> anyhow::Result<String> {
    let mut connection = Connection::open(&server.address).await?;
    let (_, text) = fetch(&mut connection, server, "/").await?;
    let quoted = |end: &str| {
        text.split('"')
            .find(|part| part.starts_with("/pkg/") && part.ends_with(end))
    };
    let path = [".css", ".js"].into_iter().find_map(quoted);
    Ok(path
        .context("the front page names no file in /pkg/; is there a front end (BENCH_SITE_ROOT)?")?
        .to_owned())
}

/// Makes a reader with so many bookmarks. Gives the `cookie` header.
async fn reader(server: &Server, facts: &Facts, count: usize) -> anyhow::Result<String> {
    let mut connection = Connection::open(&server.address).await?;
    let mut headers = Vec::new();
    for (index, id) in facts.ids.iter().take(count).enumerate() {
        let form = bookmark_form(id, true);
        headers.push(network(index));
        let answer = connection
            .exchange(&post("/fn/bookmark", &server.address, &headers, &form))
            .await?;
        ensure!(
            answer.status == 200,
            "a bookmark is answered with status {}",
            answer.status
        );
        headers.clear();
        let set = connection
            .header("set-cookie")
            .context("a bookmark sets no cookie")?;
        headers.push(format!("cookie: {}", set.split(';').next().unwrap_or_default()));
    }
    headers.pop().context("the library has no papers")
}

/// Bookmarks of one reader: every paper is added in one turn and removed in the next, so each request changes a row.
///
/// The program limits how often one network may write. It believes a proxy on the loopback about where a request
/// comes from, so each request names another network.
fn bookmarks(host: &str, facts: &Facts, cookie: &str) -> Vec<Vec<u8>> {
    // The first paper is the one that made the reader; it is added already.
    let ids = facts.ids.get(1..).unwrap_or_default();
    let turns = (NETWORKS / ids.len().max(1)).next_multiple_of(2);
    (0..turns)
        .flat_map(|turn| ids.iter().map(move |id| (turn, id)))
        .enumerate()
        .map(|(index, (turn, id))| {
            let headers = [cookie.to_owned(), network(index)];
            post("/fn/bookmark", host, &headers, &bookmark_form(id, turn % 2 == 0))
        })
        .collect()
}

fn bookmark_form(id: &str, bookmarked: bool) -> String {
    let id: String = byte_serialize(id.as_bytes()).collect();
    format!("paper={id}&bookmarked={bookmarked}")
}

fn network(index: usize) -> String {
    let index = index % NETWORKS;
    format!("x-forwarded-for: 10.{}.{}.1", index / 256, index % 256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_link_is_found_wherever_its_attributes_stand() {
        let html = r#"<a href="/x">no</a> <a class="next" rel="next" href="/?sort=new&amp;after=1">More</a>"#;
        assert_eq!(next_link(html).as_deref(), Some("/?sort=new&after=1"));
        assert_eq!(
            next_link(r#"<a href="/y" rel="next">More</a>"#).as_deref(),
            Some("/y")
        );
        assert_eq!(next_link("<a href=\"/x\">no</a>"), None);
    }
}
