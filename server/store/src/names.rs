//! Names of authors as their columns hold them.

use domain::Name;

use crate::{
    error::{Result, StoreError},
    json::from_json,
};

/// Names from JSON: each with its columns.
pub(crate) fn names(json: &str) -> Result<Vec<Name>> {
    from_json::<Vec<_>>(json)?.into_iter().map(name).collect()
}

/// A name from its columns.
fn name((printed, parts): (String, Option<String>)) -> Result<Name> {
    Ok(match parts {
        Some(parts) => Name::from_parts(
            serde_json::from_str(&parts)
                .map_err(|error| StoreError::Corrupt(format!("the name {printed}: {error}")))?,
        ),
        None => Name::new(printed),
    })
}
