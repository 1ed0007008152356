//! Reading JSON on the phone, small.
//!
//! serde's derived readers are made for every format, field order and representation at once, and cost
//! the wasm about five kilobytes for each struct. These read from a [`Value`] that one shared parser
//! made: [`reads_json!`](crate::reads_json) for structs, [`words!`](crate::words) for enums of words. The types still
//! are `Deserialize`, so the rest of the code does not see the difference. A field that is not there
//! reads as null, unknown fields are ignored, and a flag that is not there is off.

use serde_json::{Map, Value};

/// A value that has not the shape of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is missing or has another shape")]
pub struct Misshapen(
    /// The field, or the type.
    pub &'static str,
);

/// What can be read from a JSON value.
pub trait FromJson: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// [`Misshapen`], naming the innermost field that could not be read.
    fn from_json(json: Value) -> Result<Self, Misshapen>;
}

/// Reads a text; none if it is no JSON or has another shape. Parsing is one function for all types:
/// `serde_json::from_str` would be compiled anew for each.
pub fn read<T: FromJson>(text: &str) -> Option<T> {
    T::from_json(parse(text)?).ok()
}

#[inline(never)]
fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// The fields of an object; `name` says what was expected.
///
/// # Errors
/// It is no object.
pub fn fields_of(json: Value, name: &'static str) -> Result<Map<String, Value>, Misshapen> {
    match json {
        Value::Object(fields) => Ok(fields),
        _ => Err(Misshapen(name)),
    }
}

/// Reads one field.
///
/// # Errors
/// It has another shape, or is missing and must not be.
pub fn field<T: FromJson>(
    fields: &mut Map<String, Value>,
    name: &'static str,
) -> Result<T, Misshapen> {
    // Taken out of its place, not removed: taking a map apart in order is code that nobody needs.
    let value = fields.get_mut(name).map_or(Value::Null, Value::take);
    T::from_json(value).map_err(|inner| {
        // A leaf does not know its own name.
        if inner.0.is_empty() {
            Misshapen(name)
        } else {
            inner
        }
    })
}

const LEAF: Misshapen = Misshapen("");

impl FromJson for Value {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        Ok(json)
    }
}

impl FromJson for String {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        match json {
            Value::String(text) => Ok(text),
            _ => Err(LEAF),
        }
    }
}

impl FromJson for bool {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        match json {
            Value::Bool(flag) => Ok(flag),
            Value::Null => Ok(false),
            _ => Err(LEAF),
        }
    }
}

impl FromJson for i64 {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        json.as_i64().ok_or(LEAF)
    }
}

impl FromJson for u64 {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        json.as_u64().ok_or(LEAF)
    }
}

impl FromJson for i32 {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        i64::from_json(json)?.try_into().map_err(|_| LEAF)
    }
}

impl FromJson for u32 {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        u64::from_json(json)?.try_into().map_err(|_| LEAF)
    }
}

impl FromJson for uuid::Uuid {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        json.as_str().and_then(|text| text.parse().ok()).ok_or(LEAF)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        match json {
            Value::Null => Ok(None),
            json => T::from_json(json).map(Some),
        }
    }
}

/// A list that is not there is empty.
impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        let mut list = Self::new();
        match json {
            Value::Null => {}
            Value::Array(values) => {
                for value in values {
                    list.push(T::from_json(value)?);
                }
            }
            _ => return Err(LEAF),
        }
        Ok(list)
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(json: Value) -> Result<Self, Misshapen> {
        match json {
            Value::Array(mut pair) if pair.len() == 2 => {
                let second = pair.pop().ok_or(LEAF)?;
                let first = pair.pop().ok_or(LEAF)?;
                Ok((A::from_json(first)?, B::from_json(second)?))
            }
            _ => Err(LEAF),
        }
    }
}

/// Makes a struct `FromJson` and `Deserialize`: `reads_json!(Team { name, hours });`.
#[macro_export]
macro_rules! reads_json {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::json::FromJson for $name {
            fn from_json(json: ::serde_json::Value) -> Result<Self, $crate::json::Misshapen> {
                let mut fields = $crate::json::fields_of(json, stringify!($name))?;
                Ok(Self { $($field: $crate::json::field(&mut fields, stringify!($field))?),* })
            }
        }
        $crate::deserializes_from_json!($name);
    };
}

/// Makes what is `FromJson` also `Deserialize`.
#[macro_export]
macro_rules! deserializes_from_json {
    ($name:ident) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let json = <::serde_json::Value as ::serde::Deserialize>::deserialize(from)?;
                <Self as $crate::json::FromJson>::from_json(json)
                    .map_err(::serde::de::Error::custom)
            }
        }
    };
}

/// Declares an enum of words: each variant with the word it is on the wire and in columns.
#[macro_export]
macro_rules! words {
    ($(#[$about:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// The word on the wire and in columns.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// The variant of a word; none for a word of another version.
            pub fn of_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.word())
            }
        }

        impl $crate::json::FromJson for $name {
            fn from_json(json: ::serde_json::Value) -> Result<Self, $crate::json::Misshapen> {
                json.as_str()
                    .and_then(Self::of_word)
                    .ok_or($crate::json::Misshapen(stringify!($name)))
            }
        }
        $crate::deserializes_from_json!($name);
    };
}

#[cfg(test)]
mod tests {
    use crate::domain::{contact::Contact, opportunity::Area};

    #[test]
    fn a_missing_flag_is_off_and_an_unknown_field_is_ignored() {
        let contact: Contact =
            serde_json::from_str(r#"{"by":"phone","value":"0","hat":1}"#).unwrap();
        assert!(!contact.safe_to_leave_message);
    }

    #[test]
    fn an_error_names_the_field() {
        let missing = serde_json::from_str::<Contact>(r#"{"by":"phone"}"#).unwrap_err();
        assert!(
            missing.to_string().starts_with("value is missing"),
            "{missing}"
        );
        let unknown = serde_json::from_str::<Contact>(r#"{"by":"owl","value":"0"}"#).unwrap_err();
        assert!(unknown.to_string().starts_with("ContactBy"), "{unknown}");
    }

    #[test]
    fn a_word_reads_back() {
        assert_eq!(
            Area::of_word(Area::PeerSupport.word()),
            Some(Area::PeerSupport)
        );
        assert_eq!(
            serde_json::to_string(&Area::PeerSupport).unwrap(),
            r#""peer_support""#
        );
    }
}
