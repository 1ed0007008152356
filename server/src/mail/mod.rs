//! Mail to staff, at times that they chose: how many things wait and where, and nothing else. Off
//! unless an SMTP server is named.
//!
//! **Never to members.** A job names a member of staff, and the one address that a mail can go to is the
//! `email` of that row of `staff`, read when it is sent. No function here takes an address.
//!
//! **At most one mail for each person and chosen time.** The job is a row whose key is just that. Before
//! it is claimed, the mail server is asked whether it is there: while it is not, the job waits and is
//! tried again, for two hours. It is claimed before the first byte of the mail goes out, and given back
//! only when the server itself said no. So a process that is killed, or a line that breaks, while a mail
//! is under way leaves the job claimed: the mail may have arrived, and it is not sent again.

mod letter;
pub mod times;

use crate::{
    clock,
    config::Config,
    db::mail::{self, Job, State},
    error::Error,
    state::App,
};
use anyhow::{Context, Result, ensure};
use app::domain::time::Millis;
use jiff::tz::TimeZone;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor, message::Mailbox};
use std::time::Duration;
use tokio::{sync::watch, time::sleep};

/// How often it looks whether something is due.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// How long a mail server may take for each step.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// After this, a chosen time is long past: a mail that says "now" would no longer be true.
pub const LATE_MS: Millis = 2 * 60 * 60 * 1000;
const MINUTE_MS: Millis = 60 * 1000;

/// What mails go out through.
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Where the desk is, as people type it.
    site: String,
}

impl Post {
    /// The way out that was configured; none if none was.
    ///
    /// # Errors
    /// In words for whoever set it up: something is missing, or would show a password to the network.
    pub fn open(config: &Config) -> Result<Option<Self>> {
        let Some(url) = &config.smtp_url else {
            return Ok(None);
        };
        let from = config.mail_from.as_deref();
        let from = from.context("mail needs --mail-from: the address that it comes from")?;
        let site = config.public_url.as_deref();
        let site = site.context("mail needs --public-url: the address that it leads to")?;
        ensure!(
            !shows_a_password(url),
            "--smtp-url would send its password unencrypted: use smtps://, or add ?tls=required"
        );
        // Its error would hold the address, and with it the password.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .ok()
            .context("--smtp-url is no address like smtps://user:password@host")?;
        Ok(Some(Self {
            transport: transport.timeout(Some(ANSWER_WITHIN)).build(),
            from: from.parse().context("--mail-from is no email address")?,
            site: site.trim_end_matches('/').to_owned(),
        }))
    }
}

/// A password may go unencrypted to this machine itself, and nowhere else.
fn shows_a_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("smtp://") else {
        return false;
    };
    let Some((_, host)) = rest.rsplit_once('@') else {
        return false;
    };
    let here = ["127.0.0.1", "localhost", "[::1]"];
    !url.contains("tls=required") && !here.iter().any(|name| host.starts_with(name))
}

/// Sends what is due, until told to stop; a mail that is under way is finished first.
pub async fn run(app: App, post: Post, mut stopped: watch::Receiver<()>) {
    loop {
        if let Err(problem) = tick(&app, &post, clock::now_ms()).await {
            tracing::warn!(error = %problem, "mail could not be looked after");
        }
        tokio::select! {
            () = sleep(LOOK_EVERY) => {}
            _ = stopped.changed() => return,
        }
    }
}

/// Plans what has become due by `now`, and sends it.
///
/// # Errors
/// What the database says: what was not done is done by the next one.
pub async fn tick(app: &App, post: &Post, now: Millis) -> Result<(), Error> {
    plan(app, now).await?;
    for job in mail::ready(&app.db.pool, now).await? {
        deliver(app, post, now, &job).await?;
    }
    Ok(())
}

/// Writes a job for each chosen time that has come, and drops those that are long past.
async fn plan(app: &App, now: Millis) -> Result<(), Error> {
    let zone = TimeZone::get(&app.config.zone).unwrap_or(TimeZone::UTC);
    let since = now - LATE_MS;
    let known = mail::known(&app.db.pool, since).await?;
    let mut due = Vec::new();
    for wish in mail::wishes(&app.db.pool).await? {
        let after = since.max(wish.since);
        let times = wish.times.between(&zone, after, now);
        let new = times.into_iter().map(|at| (wish.staff, at));
        due.extend(new.filter(|job| !known.contains(job)));
    }
    let late = mail::has_late(&app.db.pool, since).await?;
    if due.is_empty() && !late {
        return Ok(());
    }
    app.writer
        .run(move |tx| Box::pin(async move { mail::plan(tx, &due, since).await }))
        .await
}

async fn deliver(app: &App, post: &Post, now: Millis, job: &Job) -> Result<(), Error> {
    let waiting = mail::waiting(&app.db.pool, job.staff).await?;
    let address = mail::address(&app.db.pool, job.staff).await?;
    let (Some(address), 1..) = (address, waiting) else {
        return set(app, job, State::Nothing, None).await;
    };
    let Some(letter) = letter::write(post, &address, waiting) else {
        return set(app, job, State::GivenUp, Some("address".to_owned())).await;
    };
    if let Err(why) = knock(post).await {
        return later(app, now, job, why).await;
    }
    if !claim(app, job).await? {
        return Ok(());
    }
    match post.transport.send(letter).await {
        Ok(_) => set(app, job, State::Sent, None).await,
        Err(problem) => match problem.status() {
            Some(code) if problem.is_transient() => later(app, now, job, code.to_string()).await,
            Some(code) => {
                tracing::warn!(%code, "a mail was not taken");
                set(app, job, State::GivenUp, Some(code.to_string())).await
            }
            None => {
                tracing::warn!("a mail may not have arrived: it is not sent again");
                set(app, job, State::Claimed, Some("broken".to_owned())).await
            }
        },
    }
}

/// Whether the mail server is there and lets us in. Whatever goes wrong here, no mail has gone out.
async fn knock(post: &Post) -> Result<(), String> {
    match post.transport.test_connection().await {
        Ok(true) => Ok(()),
        Ok(false) => Err("unreachable".to_owned()),
        Err(problem) => Err(problem
            .status()
            .map_or_else(|| "unreachable".to_owned(), |code| code.to_string())),
    }
}

async fn claim(app: &App, job: &Job) -> Result<bool, Error> {
    let job = job.clone();
    app.writer
        .run(move |tx| Box::pin(async move { mail::claim(tx, &job).await }))
        .await
}

async fn set(app: &App, job: &Job, state: State, why: Option<String>) -> Result<(), Error> {
    let job = job.clone();
    app.writer
        .run(move |tx| Box::pin(async move { mail::set(tx, &job, state, why).await }))
        .await
}

async fn later(app: &App, now: Millis, job: &Job, why: String) -> Result<(), Error> {
    let (job, next_at) = (job.clone(), now + wait_ms(job.attempts));
    app.writer
        .run(move |tx| Box::pin(async move { mail::later(tx, &job, next_at, why).await }))
        .await
}

/// One minute, then twice as long each time, up to half an hour.
fn wait_ms(attempts: i64) -> Millis {
    MINUTE_MS * (1 << attempts.clamp(0, 5)).min(30)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(change: impl FnOnce(&mut Config)) -> Config {
        let mut config = Config::in_folder("unused");
        config.smtp_url = Some("smtp://127.0.0.1:2525".to_owned());
        config.mail_from = Some("chorus@charity.example".to_owned());
        config.public_url = Some("https://chorus.charity.example/".to_owned());
        change(&mut config);
        config
    }

    #[test]
    fn mail_is_off_unless_a_server_is_named_and_then_nothing_may_be_missing() {
        assert!(
            Post::open(&config(|it| it.smtp_url = None))
                .unwrap()
                .is_none()
        );
        let post = Post::open(&config(|_| {})).unwrap().unwrap();
        assert_eq!(post.site, "https://chorus.charity.example");
        assert!(Post::open(&config(|it| it.mail_from = None)).is_err());
        assert!(Post::open(&config(|it| it.public_url = None)).is_err());
        let wrong = config(|it| it.smtp_url = Some("smtps//u:secret@host".to_owned()));
        let said = format!("{:#}", Post::open(&wrong).err().unwrap());
        assert!(!said.contains("secret"), "{said}");
    }

    #[test]
    fn no_password_crosses_a_network_unencrypted() {
        assert!(shows_a_password("smtp://me:secret@mail.example"));
        assert!(shows_a_password(
            "smtp://me:secret@mail.example?tls=opportunistic"
        ));
        for fine in [
            "smtps://me:secret@mail.example",
            "smtp://me:secret@mail.example:587?tls=required",
            "smtp://me:secret@127.0.0.1:2525",
            "smtp://mail.internal:25",
        ] {
            assert!(!shows_a_password(fine), "{fine}");
        }
    }

    #[test]
    fn each_wait_is_longer_up_to_half_an_hour() {
        let waits: Vec<Millis> = (0..8).map(|n| wait_ms(n) / MINUTE_MS).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
    }
}
