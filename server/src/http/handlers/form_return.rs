//! Where the browser goes after it has sent a plain form.

use app::api::{Back, FormInput, FormRules};
use axum::http::{HeaderMap, header};
use domain::PaperKey;

/// Reads the fields of a form.
pub fn form_input(body: &[u8]) -> FormInput {
    FormInput::new(form_urlencoded::parse(body).into_owned().collect())
}

/// A path of this site: as the form's rules say; else the form's field `back`, the page it was sent from, or the front
/// page.
pub fn return_path(rules: &FormRules, input: &FormInput, headers: &HeaderMap) -> String {
    if let Back::To(path) = rules.back {
        return path.to_owned();
    }
    let back = input
        .get("back")
        .filter(|back| is_own_path(back))
        // This address belongs to the bookmark button of the same card.
        .filter(|back| rules.back != Back::Card || !offers_undo(back))
        .map(ToOwned::to_owned)
        .or_else(|| own_referer(headers))
        .unwrap_or_else(|| "/".to_owned());
    let paper = input.get("paper").and_then(|key| key.parse::<PaperKey>().ok());
    match paper.filter(|_| rules.back != Back::Form && !offers_undo(&back)) {
        Some(key) => format!("{}#paper-{}", back.split('#').next().unwrap_or("/"), key.slug()),
        None => back,
    }
}

/// Whether a path is that of the bookmarks page which offers to restore a removed bookmark.
fn offers_undo(path: &str) -> bool {
    path.contains("removed=")
}

/// Whether a path stays on this site: `//host` and `/\host` do not. Browsers encode everything but visible ASCII.
fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/\\")
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Path and query of the page that a form was sent from, if that page is on this site.
fn own_referer(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    let path = rest.strip_prefix(host)?;
    // A form that failed is shown at `/fn/…`, which cannot be opened again.
    (is_own_path(path) && !path.starts_with("/fn/")).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use app::api::form_rules;
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_form_never_leads_to_another_site() {
        let back = |body: &'static str, referer: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost:3000"));
            headers.insert(header::REFERER, HeaderValue::from_static(referer));
            let input = form_input(body.as_bytes());
            return_path(&form_rules("/fn/bookmark"), &input, &headers)
        };
        assert_eq!(
            back("paper=2510.01234", "http://localhost:3000/?sort=new&after=x"),
            "/?sort=new&after=x#paper-2510.01234"
        );
        assert_eq!(
            back("paper=hep-th/9901001", "http://evil.example/"),
            "/#paper-hep-th-9901001"
        );
        assert_eq!(
            back("back=//evil.example", "http://localhost:3000.evil.example/x"),
            "/"
        );
        assert_eq!(
            back("back=/bookmarks?removed=2510.01234&paper=2510.01234", ""),
            "/bookmarks?removed=2510.01234"
        );
        assert_eq!(back("back=/%0d%0aX:y", ""), "/");
    }
}
