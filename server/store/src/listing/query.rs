//! SQL that depends on the request: fixed pieces put together, every value from outside bound.

use sqlx::{AssertSqlSafe, Sqlite, query::Query as SqlxQuery, sqlite::SqliteArguments};

#[derive(Debug, Clone)]
enum Value {
    Int(i64),
    Real(f64),
    Text(String),
}

/// SQL under construction, with its values. In the pieces `?` stands for a value; the finished text has `$1`, `$2`, ….
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    pieces: String,
    values: Vec<Value>,
}

impl Query {
    /// Adds a fixed piece. It must not contain anything from outside.
    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.pieces.push_str(sql);
        self
    }

    /// Adds a piece with one `?`, and its value.
    pub fn int(&mut self, sql: &str, value: i64) -> &mut Self {
        self.with(sql, Value::Int(value))
    }

    /// Adds a piece with one `?`, and its value, which is compared exactly.
    pub fn real(&mut self, sql: &str, value: f64) -> &mut Self {
        self.with(sql, Value::Real(value))
    }

    /// Adds a piece with one `?`, and its value.
    pub fn text(&mut self, sql: &str, value: &str) -> &mut Self {
        self.with(sql, Value::Text(value.to_owned()))
    }

    /// Adds all pieces and values of another query.
    pub fn append(&mut self, other: &Self) -> &mut Self {
        self.pieces.push_str(&other.pieces);
        self.values.extend(other.values.iter().cloned());
        self
    }

    /// The text so far, with numbered parameters.
    pub fn sql(&self) -> String {
        let mut pieces = self.pieces.split('?');
        let mut sql = pieces.next().unwrap_or_default().to_owned();
        for (index, piece) in pieces.enumerate() {
            sql.push_str(&format!("${}{piece}", index + 1));
        }
        sql
    }

    /// A query that sqlx can run.
    pub fn prepare(self) -> SqlxQuery<'static, Sqlite, SqliteArguments> {
        let query = sqlx::query(AssertSqlSafe(self.sql()));
        self.values.into_iter().fold(query, |query, value| match value {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_in_the_order_of_the_text() {
        let mut narrowed = Query::default();
        narrowed.int(" and a = ?", 2);
        let mut query = Query::default();
        query.int("select ?", 1).append(&narrowed).text(" and b = ?", "x");
        assert_eq!(query.sql(), "select $1 and a = $2 and b = $3");
    }
}
