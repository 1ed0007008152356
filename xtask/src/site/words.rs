//! The members' words as phones get them: a line for each text, in the order in which `app/build.rs` counts them. Those
//! of Today and of what every screen has come first, those of all other screens with those.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};

use super::stamp::Source;
use crate::repo;

/// Words by part, section and key.
type Language = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

/// Which part of the language file is in which file.
const FILES: [(&str, &str); 2] = [("members", "en.txt"), ("more", "more.txt")];

/// `en.txt` and `more.txt`, from the language file.
pub fn build() -> Result<Vec<Source>> {
    let file = repo::root().join("app/lang/en.toml");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let language: Language = toml::from_str(&text).with_context(|| file.display().to_string())?;
    FILES
        .iter()
        .map(|(part, name)| {
            let sections = language
                .get(*part)
                .with_context(|| format!("the language file has no part {part:?}"))?;
            let lines: Vec<&str> = sections
                .values()
                .flat_map(BTreeMap::values)
                .map(String::as_str)
                .collect();
            Ok(Source {
                name: (*name).into(),
                bytes: lines.join("\n").into_bytes(),
            })
        })
        .collect()
}
