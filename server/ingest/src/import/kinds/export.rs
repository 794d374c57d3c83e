//! Our own export, which is also the format of the built-in sample.

use domain::{
    Paper,
    paper::{Published, is_web_url},
    text::one_line,
};
use serde_json::Value;

use super::{
    dates::{date, first_moment},
    fields::{Object, count},
    moments::Moments,
};
use crate::names::again;

/// Reads a record of Broadsheet's own export, which another program may have rewritten.
pub(super) fn read(mut object: Object, moments: Moments) -> Result<Paper, String> {
    object.retain(|_, value| !value.is_null());
    restore_numbers(&mut object);
    restore_dates(&mut object);
    restore_readings(&mut object, moments);
    let mut paper: Paper =
        serde_json::from_value(Value::Object(object)).map_err(|error| error.to_string())?;
    paper.title = one_line(&paper.title);
    paper.abstract_text = one_line(&paper.abstract_text);
    paper.authors = again(&paper.authors);
    paper.project_page = paper.project_page.filter(|url| is_web_url(url));
    paper.license = paper.license.filter(|url| is_web_url(url));
    let believe = |date: &Published| moments.believe(date);
    paper.published = paper.published.filter(believe);
    paper.updated = paper.updated.filter(believe);
    paper.hf_submitted_at = paper.hf_submitted_at.filter(|at| believe(&Published::At(*at)));
    paper.check()?;
    Ok(paper)
}

/// Restores `12` from `12.0`. A number that is not a count is removed.
fn restore_numbers(object: &mut Object) {
    for name in ["version", "num_comments"] {
        if object.contains_key(name) {
            match count(object, name) {
                Some(count) => object.insert(name.to_owned(), count.into()),
                None => object.remove(name),
            };
        }
    }
}

/// Restores dates that became Unix time to text. Other texts are unchanged, so that error messages can quote them.
fn restore_dates(object: &mut Object) {
    for name in ["published", "updated"] {
        if let Some(date) = object.get(name).and_then(date) {
            object.insert(name.to_owned(), date.to_string().into());
        }
    }
    if let Some(at) = first_moment(object, &["hf_submitted_at"]) {
        object.insert("hf_submitted_at".to_owned(), at.to_string().into());
    }
}

/// Does the same for the numbers and dates of the counters.
fn restore_readings(object: &mut Object, moments: Moments) {
    for name in ["upvotes", "stars"] {
        let Some(Value::Object(reading)) = object.get_mut(name) else {
            continue;
        };
        let at = moments.of_reading(first_moment(reading, &["at"]));
        match count(reading, "total") {
            Some(total) => {
                reading.insert("at".to_owned(), at.to_string().into());
                reading.insert("total".to_owned(), total.into());
            }
            None => {
                object.remove(name);
            }
        }
    }
}
