//! Build and developer tasks: `cargo xtask help`. What a task needs and the machine lacks, it installs.

mod check;
mod dev;
mod dist;
mod install;
mod postgres;
mod probe;
mod repo;
mod run;
mod site;
mod weight;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask serve [--demo] [options of `chorus serve`]   build everything and start the server
cargo xtask dev [options of `chorus serve`]              the same, rebuilt whenever a source changes (--demo unless options are given)
cargo xtask test                                         the whole check, quick parts first
cargo xtask postgres [NAME]                              only the HTTP tests on PostgreSQL: all, or those with NAME in theirs
cargo xtask simulate --seeds N --from S                  more seeds of the sync simulation
cargo xtask bench                                        the figures, as ratios where they can be
cargo xtask dist                                         one self-contained binary: target/dist/chorus
cargo xtask site                                         only what phones download: target/site
cargo xtask help                                         this text";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match perform(&args) {
        Ok(()) => ExitCode::SUCCESS,
        // The chain of reasons says more here than a backtrace of this program would.
        Err(error) => {
            run::say(&format!("Stopped: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform(args: &[String]) -> Result<()> {
    let (task, rest) = args
        .split_first()
        .map_or(("help", &[] as &[String]), |(task, rest)| {
            (task.as_str(), rest)
        });
    match task {
        "serve" => dev::serve(rest),
        "dev" => dev::rebuild_on_change(rest),
        "test" => check::all(),
        "postgres" => postgres::alone(rest),
        "simulate" => dev::run_release_program("simulate", rest),
        "bench" => dev::bench(rest),
        "dist" => dist::dist(),
        "site" => site::build().map(|_| ()),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => bail!("there is no task `{other}`\n\n{HELP}"),
    }
}
