//! Cuts the screens that are not Today out of the wasm, so that a first visit does not wait for them.
//!
//! Where to cut is said in `app/src/ui/pages/later.rs`. The cutting is `wasm_split_cli_support`'s, as in Leptos' own
//! tool: what only that function reaches becomes a module of its own, which shares memory and function table with the
//! first, and a script that fetches it.

use std::{fs, path::Path};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

/// What the first part and the bindings call the script.
const SCRIPT: &str = "./split.js";
/// What is changed in the script: where it would look for the second part and where that is (see `stamp`); and that
/// its words (`boot.js`) come with it.
const CHANGES: [[&str; 2]; 2] = [
    [
        r#"new URL("./split_screens.wasm", import.meta.url)"#,
        r#""{{asset:screens.wasm}}""#,
    ],
    [
        "return async (imports) => (WebAssembly",
        "const words = globalThis.chorus.fetchMoreWords();\n    words.catch(() => {});\n    \
         return async (imports) => (await words, WebAssembly",
    ],
];

/// Into `folder`: `main.wasm`, yet to be bound to JavaScript, `split_screens.wasm` and `split.js`, which expects the
/// bindings beside it as `frontend.js`.
pub fn split(compiled: &[u8], folder: &Path) -> Result<()> {
    let main = folder.join("main.wasm");
    let mut options = Options::new(compiled);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = "./frontend.js";
    options.link_name = SCRIPT;
    transform(options).map_err(|reason| anyhow!("cutting the wasm in two: {reason:?}"))?;
    let script = folder.join(SCRIPT);
    let mut text = fs::read_to_string(&script)?;
    for [looked_for, instead] in CHANGES {
        let (before, after) = text
            .split_once(looked_for)
            .context("the script that fetches the second part is not as it was")?;
        text = [before, instead, after].concat();
    }
    fs::write(script, text)?;
    Ok(())
}
