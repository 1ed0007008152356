//! What the staff desk reads. Lists are paged by key, so a page never shifts under new arrivals.

pub mod audit;
pub mod board;
pub mod changes;
pub mod check_ins;
pub mod experiences;
pub mod groups;
pub mod impact;
pub mod join_codes;
pub mod opportunities;
pub mod peers;
pub mod people;
pub mod plans;
pub mod sign_ups;
pub mod turnout;
pub mod words;

/// How many rows a page of a list has.
pub const PAGE: usize = 25;

/// One page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// At most [`PAGE`] rows.
    pub rows: Vec<T>,
    /// Whether there are rows after these.
    pub more: bool,
}

impl<T> Page<T> {
    /// From at most one row more than a page holds.
    pub fn cut(mut rows: Vec<T>) -> Self {
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        Self { rows, more }
    }
}

/// The limit that tells whether there is more.
pub const ONE_MORE: i64 = PAGE as i64 + 1;
