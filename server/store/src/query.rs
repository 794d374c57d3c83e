//! SQL that depends on what is asked: fixed pieces put together, every value from outside bound.

use sqlx::{AssertSqlSafe, Sqlite, query::Query as SqlxQuery, sqlite::SqliteArguments};

#[derive(Debug, Clone)]
enum Value {
    Int(i64),
    Real(f64),
    Text(String),
}

/// SQL under construction, with its values.
#[derive(Debug, Clone, Default)]
pub(super) struct Query {
    sql: String,
    values: Vec<Value>,
}

impl Query {
    /// Adds a fixed piece. Nothing from outside may stand in it.
    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Adds a piece that holds one `?`, and its value.
    pub fn int(&mut self, sql: &str, value: i64) -> &mut Self {
        self.with(sql, Value::Int(value))
    }

    /// Adds a piece that holds one `?`, and its value, which is compared exactly.
    pub fn real(&mut self, sql: &str, value: f64) -> &mut Self {
        self.with(sql, Value::Real(value))
    }

    /// Adds a piece that holds one `?`, and its value.
    pub fn text(&mut self, sql: &str, value: &str) -> &mut Self {
        self.with(sql, Value::Text(value.to_owned()))
    }

    /// Adds everything of another query.
    pub fn append(&mut self, other: &Self) -> &mut Self {
        self.sql.push_str(&other.sql);
        self.values.extend(other.values.iter().cloned());
        self
    }

    /// The text so far.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Ready to be run.
    pub fn prepare(self) -> SqlxQuery<'static, Sqlite, SqliteArguments> {
        self.values
            .into_iter()
            .fold(sqlx::query(AssertSqlSafe(self.sql)), |query, value| match value {
                Value::Int(value) => query.bind(value),
                Value::Real(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
            })
    }

    fn with(&mut self, sql: &str, value: Value) -> &mut Self {
        self.values.push(value);
        self.push(sql)
    }
}
