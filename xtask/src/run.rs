//! Starting other programs, and telling the person in front of the screen what is going on and how long it takes.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::repo;

/// How long a quiet program may run before a line says that it still does.
const QUIET: Duration = Duration::from_secs(10);

/// Says one line about what happens now.
pub fn say(line: &str) {
    eprintln!("• {line}");
}

/// Runs `work` under a title, then says how long it took.
pub fn timed<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say(&format!("{title} …"));
    let start = Instant::now();
    let done = work().with_context(|| title.to_owned())?;
    say(&format!("{title}: {}", duration(start.elapsed())));
    Ok(done)
}

/// `cargo`, always with this workspace's own target folder.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    prepare_cargo(&mut cargo);
    cargo
}

/// What every cargo that is started from inside a cargo needs: the workspace's folders, and none of the outer one's libraries.
pub fn prepare_cargo(cargo: &mut Command) {
    cargo
        .current_dir(repo::root())
        .env("CARGO_TARGET_DIR", repo::target())
        .env_remove("LD_LIBRARY_PATH");
}

/// A program of the npm packages.
pub fn npm_program(name: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(repo::npm_program(name)).current_dir(repo::e2e());
    node
}

/// Runs a program that shows its own progress.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", name(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", line(command));
    }
    Ok(())
}

/// Runs a program that says nothing for long: a line every ten seconds tells that it still runs, and what it said is shown if it fails.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", name(command)))?;
    let (ended, wait) = channel::<()>();
    let what = name(command);
    let ticker = thread::spawn(move || {
        let start = Instant::now();
        while wait.recv_timeout(QUIET) == Err(RecvTimeoutError::Timeout) {
            say(&format!(
                "  {what} is still working ({})",
                duration(start.elapsed())
            ));
        }
    });
    let output = child.wait_with_output();
    drop(ended);
    ticker.join().expect("the ticker only prints");
    let output = output?;
    if !output.status.success() {
        eprint!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        bail!("`{}` ended with {}", line(command), output.status);
    }
    Ok(())
}

/// What a program prints, or `None` if it is missing or fails.
pub fn output(program: &str, args: &[&str]) -> Option<String> {
    let out = Command::new(program).args(args).output().ok()?;
    out.status
        .success()
        .then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// Where a program stands on `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|program| program.is_file())
}

/// "4.2 s" or "3 min 20 s".
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

/// What a person would call it: `cargo`, or for `node …/wasm-opt` the script.
fn name(command: &Command) -> String {
    let file_name = |program: &OsStr| match Path::new(program).file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => program.to_string_lossy().into_owned(),
    };
    let program = file_name(command.get_program());
    match command.get_args().next() {
        Some(script) if program == "node" => file_name(script),
        _ => program,
    }
}

fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_like_a_person_says_it() {
        assert_eq!(duration(Duration::from_millis(4_240)), "4.2 s");
        assert_eq!(duration(Duration::from_secs(200)), "3 min 20 s");
    }

    #[test]
    fn a_program_that_fails_is_an_error_that_names_it() {
        let error = run_quietly(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`sh -c exit 3` ended with exit status: 3"
        );
    }
}
