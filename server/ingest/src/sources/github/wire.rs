//! What GitHub sends of a repository, by REST
//! (<https://docs.github.com/en/rest/repos/repos#get-a-repository>) and by GraphQL.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// By REST.
#[derive(Debug, Deserialize)]
pub struct RestRepository {
    pub full_name: String,
    pub stargazers_count: u32,
    #[serde(default)]
    pub archived: bool,
    pub created_at: Option<String>,
    pub pushed_at: Option<String>,
}

/// By GraphQL.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphRepository {
    pub name_with_owner: String,
    pub stargazer_count: u32,
    #[serde(default)]
    pub is_archived: bool,
    pub created_at: Option<String>,
    pub pushed_at: Option<String>,
}

/// The answer to a GraphQL question: a value per alias, null where there is no such repository.
#[derive(Debug, Deserialize)]
pub struct GraphAnswer {
    /// Each by itself: one that is not as it should be must not spoil the others.
    pub data: Option<BTreeMap<String, Box<RawValue>>>,
    pub errors: Option<Vec<GraphError>>,
}

/// Why an alias is null.
#[derive(Debug, Deserialize)]
pub struct GraphError {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub path: Vec<serde_json::Value>,
    #[serde(default)]
    pub message: String,
}

/// Asks for many repositories at once.
pub fn question(names: &[(String, String)]) -> Result<String, serde_json::Error> {
    let mut query = "query {".to_owned();
    for (index, (owner, name)) in names.iter().enumerate() {
        // A JSON string is a GraphQL string.
        let (owner, name) = (serde_json::to_string(owner)?, serde_json::to_string(name)?);
        query.push_str(&format!(
            " r{index}: repository(owner: {owner}, name: {name}) {{ stargazerCount nameWithOwner isArchived createdAt pushedAt }}"
        ));
    }
    query.push_str(" }");
    serde_json::to_string(&serde_json::json!({ "query": query }))
}
