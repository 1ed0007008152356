//! Makes `lang::en` from the language file: a module for each section, a constant for each text.
//!
//! A text is its place in the list of all texts: the members' of the first screens (`members`), those of all other
//! screens (`more`), then staff's, each by section and key. `cargo xtask` writes the first two, in this order, into
//! the two files that phones get.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script writes what it makes"
)]

use std::{collections::BTreeMap, env, fmt::Write, fs, path::PathBuf};

const FILE: &str = "lang/en.toml";

/// Words by part, section and key.
type Language = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={FILE}");
    let text = fs::read_to_string(FILE).expect("the language file is there");
    let language: Language = toml::from_str(&text).expect("parts of sections of texts");
    let to = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
    fs::write(to.join("en.rs"), code(&language)).expect("cargo's folder can be written to");
}

fn code(language: &Language) -> String {
    let (mut modules, mut all) = (String::new(), String::new());
    let mut place = 0;
    let mut members = 0;
    // FNV-1a-64, which says whether two versions have the same texts at the same places.
    let mut order = 0xcbf2_9ce4_8422_2325_u64;
    for (part, sections) in language {
        for (section, texts) in sections {
            let mut constants = String::new();
            for (key, words) in texts {
                assert!(
                    !words.contains('\n'),
                    "{section}.{key} has more than one line"
                );
                let name = key.to_uppercase();
                push(
                    &mut constants,
                    format_args!("#[doc = {words:?}] pub const {name}: Text = Text({place});"),
                );
                push(&mut all, format_args!("(\"{section}.{key}\", {words:?}),"));
                place += 1;
                if part != "staff" {
                    for byte in format!("{section}.{key}\n").bytes() {
                        order = (order ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
                    }
                }
            }
            let about = format!("The texts of `{section}`.");
            push(
                &mut modules,
                format_args!(
                    "#[doc = {about:?}] pub mod {section} {{ use crate::lang::Text; {constants} }}"
                ),
            );
        }
        if part != "staff" {
            members = place;
        }
    }
    format!(
        "{modules}
        /// How many texts are members': they come first.
        pub const MEMBERS: usize = {members};
        /// The order of members' texts: the same where the same keys stand at the same places.
        pub const ORDER: &str = \"{order:x}\";
        /// Every text: its key, and the words.
        pub static ALL: [(&str, &str); {place}] = [{all}];"
    )
}

fn push(code: &mut String, line: std::fmt::Arguments) {
    writeln!(code, "{line}").expect("writing to a string cannot fail");
}
