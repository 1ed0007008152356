//! Multi-row statements of a few fixed sizes, so that the engine keeps each one prepared: a
//! statement a row would cost ten times as much.

use crate::error::Error;
use sqlx::{
    Any, AnyConnection, AssertSqlSafe,
    any::{AnyArguments, AnyRow},
    query,
};
use std::sync::{Arc, OnceLock};

/// A statement and what is bound to it so far.
pub type Query = sqlx::query::Query<'static, Any, AnyArguments>;

/// How many rows a statement takes; any number of rows is a sum of these.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// A statement with a list of rows in it: `head (…), (…) tail`.
pub struct Bulk {
    head: &'static str,
    columns: usize,
    tail: &'static str,
    numbered: OnceLock<Texts>,
    plain: OnceLock<Texts>,
}

/// The statement for each of the sizes.
type Texts = [Arc<str>; SIZES.len()];

impl Bulk {
    /// `insert into t (a, b) values` and what comes after the rows.
    pub const fn new(head: &'static str, columns: usize, tail: &'static str) -> Self {
        Self {
            head,
            columns,
            tail,
            numbered: OnceLock::new(),
            plain: OnceLock::new(),
        }
    }

    /// Runs the statement over all rows; `bind` binds one row's columns in order.
    ///
    /// # Errors
    /// What the database says.
    pub async fn run<R>(
        &self,
        transaction: &mut AnyConnection,
        rows: &[R],
        bind: impl Fn(Query, &R) -> Query,
    ) -> Result<(), Error> {
        let mut rest = rows;
        for (size, text) in SIZES.iter().zip(self.texts(transaction)) {
            while rest.len() >= *size {
                let (now, later) = rest.split_at(*size);
                now.iter()
                    .fold(query(AssertSqlSafe(text.clone())), &bind)
                    .execute(&mut *transaction)
                    .await?;
                rest = later;
            }
        }
        Ok(())
    }

    /// Runs a select over all keys. The last key fills up a list that is shorter than its
    /// statement, which changes nothing about what is found.
    ///
    /// # Errors
    /// What the database says.
    pub async fn select<K>(
        &self,
        connection: &mut AnyConnection,
        keys: &[K],
        bind: impl Fn(Query, &K) -> Query,
    ) -> Result<Vec<AnyRow>, Error> {
        let mut found = Vec::new();
        for some in keys.chunks(SIZES[0]) {
            let fits = SIZES.iter().rposition(|size| *size >= some.len());
            let at = fits.unwrap_or_default();
            let filled = (0..SIZES[at]).map(|index| &some[index.min(some.len() - 1)]);
            let text = self.texts(connection)[at].clone();
            let select = filled.fold(query(AssertSqlSafe(text)), &bind);
            found.extend(select.fetch_all(&mut *connection).await?);
        }
        Ok(found)
    }

    /// PostgreSQL wants its places numbered. For SQLite a number is a name, which is looked for among
    /// all the others each time that a value is bound: with a thousand places, half of all the work.
    fn texts(&self, connection: &AnyConnection) -> &Texts {
        if connection.backend_name() == "PostgreSQL" {
            self.numbered.get_or_init(|| {
                SIZES.map(|rows| self.text(rows, |place| format!("${place}")).into())
            })
        } else {
            self.plain
                .get_or_init(|| SIZES.map(|rows| self.text(rows, |_| "?".to_owned()).into()))
        }
    }

    fn text(&self, rows: usize, place: impl Fn(usize) -> String) -> String {
        let row = |row: usize| {
            let columns = 1..=self.columns;
            let places: Vec<String> = columns
                .map(|column| place(row * self.columns + column))
                .collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("{} {} {}", self.head, rows.join(", "), self.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_across_rows() {
        let bulk = Bulk::new("insert into t (a, b) values", 2, "on conflict do nothing");
        assert_eq!(
            bulk.text(2, |place| format!("${place}")),
            "insert into t (a, b) values ($1, $2), ($3, $4) on conflict do nothing"
        );
        assert_eq!(
            bulk.text(2, |_| "?".to_owned()),
            "insert into t (a, b) values (?, ?), (?, ?) on conflict do nothing"
        );
    }
}
