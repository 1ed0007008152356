//! Words of the domain's enums, as they stand in columns and on the wire alike.

use crate::error::Error;
use serde::{
    Serialize,
    de::{DeserializeOwned, IntoDeserializer, value::Error as WordError},
};

/// `first_received` for `Gives::FirstReceived`.
pub fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("only enums of words are stored this way, not {other:?}"),
    }
}

/// The enum's variant of a stored word.
///
/// # Errors
/// The word is none of the enum's: the database is from another version.
pub fn read_word<T: DeserializeOwned>(word: &str) -> Result<T, Error> {
    T::deserialize(IntoDeserializer::<WordError>::into_deserializer(word))
        .map_err(|problem| Error::Internal(format!("a stored word: {problem}")))
}

/// A stored JSON column.
///
/// # Errors
/// It has another shape.
pub fn read_json<T: DeserializeOwned>(text: Option<&str>) -> Result<Option<T>, Error> {
    text.map(serde_json::from_str)
        .transpose()
        .map_err(|problem| Error::Internal(format!("a stored column: {problem}")))
}

/// JSON for a column. The domain's types always serialise.
pub fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain structs with string keys always serialise")
}

/// A stored id.
///
/// # Errors
/// It is no UUID.
pub fn read_id<T: std::str::FromStr<Err = uuid::Error>>(text: &str) -> Result<T, Error> {
    text.parse()
        .map_err(|problem| Error::Internal(format!("a stored id: {problem}")))
}
