//! Serving: from opening the database to finishing what is in flight when told to stop.

use crate::{
    backup::{KEPT_DAYS, Lock, schedule::Schedule},
    config::Config,
    demo, due, http, mail,
    mail::Post,
    reading, retention,
    state::App,
};
use anyhow::{Context, Result, ensure};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::{sleep, timeout},
};

/// Serves until SIGTERM or SIGINT, then finishes what is in flight.
///
/// # Errors
/// The address is taken, the database cannot be opened, mail is set up wrongly, or the demo is asked for where others could reach it.
pub async fn serve(config: Config) -> Result<()> {
    ensure!(
        !config.demo || config.listen.ip().is_loopback(),
        "--demo has well-known passwords: it only listens on a loopback address, not on {}",
        config.listen
    );
    let post = Post::open(&config)?;
    let schedule = config.schedule();
    ensure!(
        schedule.as_ref().is_none_or(Schedule::clears_in_time),
        "members are told that backups clear in {KEPT_DAYS} days: make them more often, or keep fewer"
    );
    let _lock = Lock::take(&config.store)?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let app = App::open(config).await?;
    if app.config.demo {
        demo::fill(&app).await?;
    }
    greet(&app, address);
    tokio::spawn(retention::run(app.clone()));
    if let Some(schedule) = schedule {
        tokio::spawn(schedule.run(app.config.store.clone()));
    }
    let writer = app.writer.clone();
    let reading = tokio::spawn(reading::look_after(app.clone()));
    let due = tokio::spawn(due::look_after(app.clone()));
    let routes = http::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let (stop, mut stopped) = watch::channel(());
    let mails = post.map(|post| tokio::spawn(mail::run(app.clone(), post, stopped.clone())));
    let serving = axum::serve(listener, routes).with_graceful_shutdown(async move {
        told_to_stop().await;
        drop(stop);
    });
    tokio::select! {
        ended = serving => ended?,
        // The desk's open pages listen for ever: they are not waited for.
        () = async { let _ = stopped.changed().await; sleep(FINISH_WITHIN).await } => {}
    }
    if let Some(mails) = mails {
        // A mail that takes longer stays claimed: it is never sent twice.
        let _ = timeout(FINISH_WITHIN, mails).await;
    }
    reading.abort();
    due.abort();
    writer.tidy().await?;
    Ok(())
}

/// How long requests may take to finish once told to stop.
const FINISH_WITHIN: Duration = Duration::from_secs(5);

fn greet(app: &App, address: SocketAddr) {
    let site = app
        .config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    println!("Chorus is at {site}");
    if app.config.demo {
        println!(
            "  join codes  {} (Harbour team), {} (no team)",
            demo::HARBOUR_CODE,
            demo::NO_TEAM_CODE
        );
        println!("  staff       {site}/staff/sign-in");
        println!(
            "              {} or {}, password: {}",
            demo::STAFF_EMAIL,
            demo::ADMIN_EMAIL,
            demo::PASSWORD
        );
    } else if let Some(path) = app.set_up.path() {
        println!("Nobody works here yet. Set up the first admin, once, at {site}{path}");
    }
}

async fn told_to_stop() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("told to stop: finishing what is in flight");
}
