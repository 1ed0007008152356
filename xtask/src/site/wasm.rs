//! The frontend crate as phones get it: compiled, bound to JavaScript, made small.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use wasm_bindgen_cli_support::Bindgen;

use super::{arrange, fingerprint, split, stamp::Source};
use crate::{
    install::WasmCompiler,
    repo,
    run::{self, say, timed},
};

/// What rustc emits for this target today. Given in full, because wasm-opt would otherwise refuse such code or, worse, guess.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// Smallest, again and again until nothing changes. Low memory is unused: below 1 KiB there is only the end of the stack,
/// which rustc puts first.
const SMALL: [&str; 5] = [
    "-Oz",
    "--converge",
    "--low-memory-unused",
    "--strip-producers",
    "--strip-target-features",
];
/// The functions that are called by their place, as the linker names their table.
const TABLE: &str = "__indirect_function_table";
/// Functions in the order of the names that [`arrange`] gave them; then the names go.
const BY_NAME: [&str; 2] = ["--reorder-functions-by-name", "--strip-debug"];

/// `frontend.js` (one module, its snippets inside, not yet minified), `frontend.wasm`, and `screens.wasm`, which it
/// sends for when a screen other than Today is wanted.
pub fn build(compiler: WasmCompiler) -> Result<[Source; 3]> {
    timed("Compiling the app to wasm", || {
        run::run(&mut compiler.build())
    })?;
    let compiled = repo::target().join("wasm32-unknown-unknown/wasm/frontend.wasm");
    let bytes = fs::read(&compiled).with_context(|| compiled.display().to_string())?;
    let recipe = [FEATURES.join(" "), SMALL.join(" "), BY_NAME.join(" ")].join(" ");
    let made_from = fingerprint::of_named([
        ("compiled", bytes.as_slice()),
        ("recipe", recipe.as_bytes()),
    ]);
    let mark = repo::workshop().join("wasm-made-from");
    if fs::read_to_string(&mark).is_ok_and(|made| made == made_from) {
        say("The wasm is as small as it gets already.");
    } else {
        bind(&bytes)?;
        optimise()?;
        fs::write(mark, made_from)?;
    }
    Ok([
        finished("frontend.js")?,
        finished("frontend.wasm")?,
        finished("screens.wasm")?,
    ])
}

fn finished(name: &str) -> Result<Source> {
    Ok(Source {
        name: name.into(),
        bytes: fs::read(repo::workshop().join(name))?,
    })
}

fn bound() -> PathBuf {
    repo::workshop().join("bound")
}

fn bind(compiled: &[u8]) -> Result<()> {
    timed("Binding wasm to JavaScript", || {
        if bound().exists() {
            fs::remove_dir_all(bound())?;
        }
        fs::create_dir_all(bound())?;
        split::split(compiled, &bound())?;
        Bindgen::new()
            .input_path(bound().join("main.wasm"))
            .out_name("frontend")
            // The second part shares the function table.
            .keep_lld_exports(true)
            .web(true)?
            .typescript(false)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(bound())?;
        bundle()
    })
}

/// One module of what the app uses: bindings of libraries' own exports that nothing calls are left out.
fn bundle() -> Result<()> {
    let entry = bound().join("entry.js");
    fs::write(&entry, "export { default } from './frontend.js';")?;
    run::run_quietly(
        run::npm_program("esbuild")
            .arg(entry)
            .args(["--bundle", "--format=esm", "--log-level=warning"])
            // Else esbuild holds every exported class for one with effects of its own.
            .arg("--define:Symbol.dispose=undefined")
            .arg(format!(
                "--outfile={}",
                repo::workshop().join("frontend.js").display()
            )),
    )
}

/// Takes out of the wasm what its JavaScript does not call.
fn let_go_of_unused_exports() -> Result<()> {
    let script = fs::read_to_string(repo::workshop().join("frontend.js"))?;
    let graph = bound().join("used.json");
    fs::write(
        &graph,
        serde_json::to_vec(&graph_of(&used_exports(&script)))?,
    )?;
    run::run_quietly(
        run::npm_program("wasm-metadce")
            .arg(bound().join("frontend_bg.wasm"))
            .args(FEATURES)
            .arg("--graph-file")
            .arg(graph)
            .arg("-o")
            .arg(bound().join("used.wasm")),
    )
}

/// What stands behind `wasm.` in the bindings, and what the second part is given of the first.
fn used_exports(script: &str) -> BTreeSet<&str> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let is_shared = |name: &str| name.starts_with("__wasm_split_shared") || name == TABLE;
    script
        .split(|letter: char| !is_name(letter) && letter != '.')
        .filter_map(|path| match path.strip_prefix("wasm.") {
            Some(export) => export.split('.').next(),
            None => is_shared(path).then_some(path),
        })
        .collect()
}

/// Everything else can go (see wasm-metadce's own help).
fn graph_of(exports: &BTreeSet<&str>) -> Value {
    let node = |name: &&str| json!({ "name": name, "export": name });
    let root = json!({ "name": "the JavaScript", "reaches": exports, "root": true });
    exports.iter().map(node).chain([root]).collect()
}

fn optimise() -> Result<()> {
    timed("Making the wasm small", || {
        let_go_of_unused_exports()?;
        make_small("used.wasm", "frontend.wasm")?;
        make_small("split_screens.wasm", "screens.wasm")
    })
}

fn make_small(from: &str, to: &str) -> Result<()> {
    wasm_opt(from, &SMALL, &bound().join("small.wasm"))?;
    let arranged = arrange::name_in_order(&fs::read(bound().join("small.wasm"))?)?;
    fs::write(bound().join("named.wasm"), arranged)?;
    wasm_opt("named.wasm", &BY_NAME, &repo::workshop().join(to))
}

fn wasm_opt(from: &str, passes: &[&str], to: &Path) -> Result<()> {
    run::run_quietly(
        run::npm_program("wasm-opt")
            .arg(bound().join(from))
            .args(FEATURES)
            .args(passes)
            .arg("-o")
            .arg(to),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_used_if_the_script_names_it() {
        let script =
            "wasm.memory.buffer; (wasm.run(1, wasm.__wbindgen_malloc)); 'a.wasm'; x.wasm.no;
            const { __indirect_function_table, __wasm_split_shared0, memory } = start();";
        let used: Vec<_> = used_exports(script).into_iter().collect();
        assert_eq!(
            used,
            [
                "__indirect_function_table",
                "__wasm_split_shared0",
                "__wbindgen_malloc",
                "memory",
                "run"
            ]
        );
    }
}
