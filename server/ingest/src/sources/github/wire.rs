//! The responses of GitHub about repositories, by REST
//! (<https://docs.github.com/en/rest/repos/repos#get-a-repository>) and by GraphQL.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A repository by REST.
#[derive(Debug, Deserialize)]
pub struct RestRepository {
    pub full_name: String,
    pub stargazers_count: u32,
    #[serde(default)]
    pub archived: bool,
    pub created_at: Option<String>,
    pub pushed_at: Option<String>,
}

/// A repository by GraphQL.
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

/// A GraphQL response: one value per alias, null for a repository that does not exist.
#[derive(Debug, Deserialize)]
pub struct GraphResponse {
    /// Each value is read separately, so that a malformed one does not affect the others.
    pub data: Option<BTreeMap<String, Box<RawValue>>>,
    pub errors: Option<Vec<GraphError>>,
}

/// The reason why an alias is null.
#[derive(Debug, Deserialize)]
pub struct GraphError {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub path: Vec<serde_json::Value>,
    #[serde(default)]
    pub message: String,
}

impl From<GraphRepository> for RestRepository {
    fn from(graph: GraphRepository) -> Self {
        Self {
            full_name: graph.name_with_owner,
            stargazers_count: graph.stargazer_count,
            archived: graph.is_archived,
            created_at: graph.created_at,
            pushed_at: graph.pushed_at,
        }
    }
}

/// The name of a repository in a query and in its response.
pub fn alias(index: usize) -> String {
    format!("r{index}")
}

/// The query for repositories with these owners and names.
pub fn query(names: &[(&str, &str)]) -> Result<String, serde_json::Error> {
    let mut query = "query {".to_owned();
    for (index, (owner, name)) in names.iter().enumerate() {
        // A JSON string is a valid GraphQL string.
        let (owner, name) = (serde_json::to_string(owner)?, serde_json::to_string(name)?);
        query.push_str(&format!(
            " {}: repository(owner: {owner}, name: {name}) {{ stargazerCount nameWithOwner isArchived createdAt pushedAt }}",
            alias(index)
        ));
    }
    query.push_str(" }");
    serde_json::to_string(&serde_json::json!({ "query": query }))
}

/// Reads a GraphQL response. The error says that it is something else, or why GitHub refuses the query.
pub fn read_graph(bytes: &[u8]) -> Result<GraphResponse, String> {
    let response: GraphResponse = serde_json::from_slice(bytes)
        .map_err(|error| format!("GitHub sent something that is not a GraphQL response: {error}"))?;
    if response.data.is_some() {
        return Ok(response);
    }
    let reason = response
        .errors
        .iter()
        .flatten()
        .next()
        .map_or("no reason given", |error| &error.message);
    Err(format!("GitHub refuses the query: {reason}"))
}
