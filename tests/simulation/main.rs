//! `simulate --seeds N --from S [--real] [--tell]`: runs worlds and says what broke, or how much was survived;
//! with `--tell` what happens as it happens.

use anyhow::{Context, bail};
use std::{sync::atomic::Ordering, time::Instant};
use tests::simulation::{TELLS, run_model, run_real};

fn main() -> anyhow::Result<()> {
    let (mut seeds, mut from, mut real) = (2_000, 0, false);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || -> anyhow::Result<u64> {
            let text = words.next().context("a number is missing")?;
            text.parse().with_context(|| format!("{text} is no number"))
        };
        match word.as_str() {
            "--real" => real = true,
            "--tell" => TELLS.store(true, Ordering::Relaxed),
            "--seeds" => seeds = number()?,
            "--from" => from = number()?,
            other => bail!("{other} is not known; simulate --seeds N --from S [--real] [--tell]"),
        }
    }
    let began = Instant::now();
    let result = if real {
        run_real(from, seeds)
    } else {
        run_model(from, seeds, None)
    };
    let report = match result {
        Ok(report) => report,
        Err(failure) => bail!("seed {}: {}", failure.seed, failure.what),
    };
    println!("{report}in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}
