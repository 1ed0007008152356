//! The members' words as phones get them: a line for each text, in the order in which `app/build.rs` counts them.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};

use super::stamp::Source;
use crate::repo;

/// Words by part, section and key.
type Language = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

/// `en.txt`, from the language file.
pub fn build() -> Result<Source> {
    let file = repo::root().join("app/lang/en.toml");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let language: Language = toml::from_str(&text).with_context(|| file.display().to_string())?;
    let members = language
        .get("members")
        .context("the language file has no members' part")?;
    let lines: Vec<&str> = members
        .values()
        .flat_map(BTreeMap::values)
        .map(String::as_str)
        .collect();
    Ok(Source {
        name: "en.txt".into(),
        bytes: lines.join("\n").into_bytes(),
    })
}
