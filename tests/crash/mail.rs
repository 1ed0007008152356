//! Mail over SIGKILL: one that was under way is never sent a second time, one that waited still goes.

use anyhow::{Context, Result};
use app::domain::{
    check_in::{ShareCheckIn, Wants},
    command::Command,
    id::{CheckInId, CommandId},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::time::{SystemTime, UNIX_EPOCH};
use tests::outside::{
    http::Connection as Http,
    member::{self, Member},
    process::{self, Server},
    smtp::{Mood, Smtp},
};
use uuid::Uuid;

/// What the server is told about mail.
fn mail(smtp: &Smtp) -> Vec<(&'static str, String)> {
    vec![
        ("CHORUS_SMTP_URL", smtp.url()),
        ("CHORUS_MAIL_FROM", "chorus@charity.example".to_owned()),
        (
            "CHORUS_PUBLIC_URL",
            "http://chorus.charity.example".to_owned(),
        ),
    ]
}

async fn database(server: &Server) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(server.database());
    Ok(SqliteConnection::connect_with(&options).await?)
}

/// Puts a waiting mail for the demo's staff in, `ago_s` seconds past its time. The server is down.
async fn add_job(server: &Server, ago_s: i64) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let due_at = i64::try_from(now)? - ago_s * 1000;
    sqlx::query(
        "insert into mail_jobs (staff, due_at, state, attempts, next_at) \
         select id, $1, 'waiting', 0, $1 from staff where email = 'staff@demo.example'",
    )
    .bind(due_at)
    .execute(&mut database(server).await?)
    .await?;
    Ok(())
}

async fn share(server: &Server) -> Result<()> {
    let member = Member::join(server.address()).await?;
    let command = Command::ShareCheckIn(ShareCheckIn {
        check_in: CheckInId(Uuid::now_v7()),
        team: member.team,
        feeling: None,
        note: None,
        wants: Wants::Know,
        contact: None,
        consent: 1,
    });
    let command = member::wire(CommandId(Uuid::now_v7()), 1, &command);
    let mut connection = Http::open(server.address()).await?;
    let answer = connection.ask(&member.sync(None, &command)).await?;
    anyhow::ensure!(
        answer.status == 200,
        "sharing was answered {}",
        answer.status
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_under_way_when_the_server_is_killed_is_not_sent_again_and_the_next_one_is()
-> Result<()> {
    let smtp = Smtp::start().await?;
    let folder = tempfile::tempdir()?;
    let program = process::program("debug")?;
    let mut server = Server::start_with(&program, folder.path(), mail(&smtp)).await?;
    share(&server).await?;
    server.kill().await?;
    add_job(&server, 60).await?;

    smtp.mood(Mood::Silent);
    server.restart().await?;
    let mut mails = smtp.mails.subscribe();
    mails.wait_for(|mails| mails.len() == 1).await?;
    server.kill().await?;
    smtp.mood(Mood::Takes);
    add_job(&server, 30).await?;
    server.restart().await?;
    // Jobs go in order of time: had the first been tried again, it would have come before this one.
    mails.wait_for(|mails| mails.len() == 2).await?;
    // The next start finds nothing to send; it asks before it listens to anyone.
    let mut states = Vec::new();
    while states != ["claimed", "sent"] {
        states = sqlx::query_scalar::<_, String>("select state from mail_jobs order by due_at")
            .fetch_all(&mut database(&server).await?)
            .await
            .context("the jobs")?;
    }
    anyhow::ensure!(smtp.mails().len() == 2, "{:?}", smtp.mails());
    Ok(())
}
