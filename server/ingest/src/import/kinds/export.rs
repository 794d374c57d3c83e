//! Our own export, which is also the format of the built-in sample.

use domain::{Paper, paper::is_web_url, text::one_line};
use serde_json::Value;

use super::fields::Object;

/// Reads a record of our own export.
pub(super) fn read(object: Object) -> Result<Paper, String> {
    let mut paper: Paper =
        serde_json::from_value(Value::Object(object)).map_err(|error| error.to_string())?;
    paper.title = one_line(&paper.title);
    paper.abstract_text = one_line(&paper.abstract_text);
    paper.authors = paper
        .authors
        .iter()
        .map(|name| one_line(name))
        .filter(|name| !name.is_empty())
        .collect();
    paper.project_page = paper.project_page.filter(|url| is_web_url(url));
    paper.license = paper.license.filter(|url| is_web_url(url));
    paper.check()?;
    Ok(paper)
}
