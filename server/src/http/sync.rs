//! `POST /api/sync`: a push and a pull in one round trip. Nothing is answered before it is durable.

use super::{
    client::Browser,
    read,
    session::{Caller, Member},
};
use crate::{
    clock,
    commands::incoming::{self, Push},
    cursor::Cursor,
    db::{
        feed::{PUBLIC, member_scope},
        groups, leads,
        peers::{peer_scope, supporters},
    },
    error::Error,
    pull::{self, Pulled},
    state::App,
};
use app::{
    domain::{
        id::{DeviceId, MemberId},
        time::rfc3339,
    },
    sync::wire::{
        CommandOutcome, MAX_COMMANDS, MAX_REQUEST_BYTES, PROTOCOL, SyncRequest, SyncResponse,
    },
};
use axum::{
    Json, Router,
    extract::{Request, State},
    routing::post,
};
use serde::Deserialize;
use serde_json::value::RawValue;

/// `/api/sync`.
pub fn router() -> Router<App> {
    Router::new().route("/api/sync", post(sync))
}

async fn sync(
    State(app): State<App>,
    Caller(member): Caller,
    browser: Browser,
    request: Request,
) -> Result<Json<SyncResponse>, Error> {
    let request = envelope(&read::bytes(request, MAX_REQUEST_BYTES).await?)?;
    let cursor = Cursor::parse(request.cursor.as_deref(), &app.epoch)?;
    let member = who(member, request.member, request.commands.is_empty())?;
    if let Some(member) = &member {
        member.calls_from(&app, request.device, browser).await?;
    }
    let member = member.map(|member| member.id);
    let outcomes = push(&app, member, request.device, &request.commands).await?;
    let scopes = scopes(&app, member, (request.device, request.sealed)).await?;
    let Pulled {
        changes,
        cursor,
        sums,
    } = pull::pull(&app.db, &cursor, &scopes, app.config.page).await?;
    Ok(Json(SyncResponse {
        protocol: PROTOCOL,
        outcomes,
        changes,
        cursor: cursor.write(&app.epoch),
        more: sums.is_none(),
        sums,
        server_time: rfc3339(clock::now_ms()),
        epoch: Some(app.epoch.to_string()),
    }))
}

/// The envelope. Its commands are read one by one later.
fn envelope(body: &[u8]) -> Result<SyncRequest, Error> {
    #[derive(Deserialize)]
    struct Spoken {
        protocol: u32,
    }
    let spoken: Spoken = serde_json::from_slice(body).map_err(|_| Error::Malformed)?;
    if spoken.protocol != PROTOCOL {
        return Err(Error::UpdateRequired);
    }
    let request: SyncRequest = serde_json::from_slice(body).map_err(|_| Error::Malformed)?;
    if request.commands.len() > MAX_COMMANDS {
        return Err(Error::TooLarge);
    }
    Ok(request)
}

/// Who asks: a phone that knows a member gets that member's records or an error, never a stranger's
/// and never the public ones alone, which would clear it.
fn who(
    signed_in: Option<Member>,
    believed: Option<MemberId>,
    only_looks: bool,
) -> Result<Option<Member>, Error> {
    match (signed_in, believed) {
        (None, None) if only_looks => Ok(None),
        (None, _) => Err(Error::SignInRequired),
        (Some(member), Some(believed)) if member.id == believed => Ok(Some(member)),
        (Some(_), None) if only_looks => Ok(None),
        (Some(_), _) => Err(Error::OtherMember),
    }
}

async fn push(
    app: &App,
    member: Option<MemberId>,
    device: DeviceId,
    commands: &[Box<RawValue>],
) -> Result<Vec<CommandOutcome>, Error> {
    let Some(member) = member.filter(|_| !commands.is_empty()) else {
        return Ok(Vec::new());
    };
    let commands = commands
        .iter()
        .map(|command| incoming::read(&app.hash_key, command))
        .collect();
    app.writer
        .push(Push {
            member,
            device: Some(device),
            commands,
        })
        .await
}

/// What the session may read; never what the cursor says. What other people told about themselves goes only to
/// a phone that keeps it sealed.
async fn scopes(
    app: &App,
    member: Option<MemberId>,
    (device, sealed): (DeviceId, bool),
) -> Result<Vec<String>, Error> {
    let mut scopes: Vec<_> = member.map(member_scope).into_iter().collect();
    scopes.push(PUBLIC.to_owned());
    let Some(member) = member else {
        return Ok(scopes);
    };
    let mut reader = app.db.reader().await?;
    for (group, leads) in groups::of_member(&mut reader, member).await? {
        scopes.push(groups::group_scope(group));
        scopes.extend((leads && sealed).then(|| groups::lead_scope(group)));
    }
    if sealed {
        let led = leads::led_by(&mut reader, member).await?;
        scopes.extend(led.into_iter().map(leads::lead_scope));
    }
    let sealing = supporters::sealing(&mut reader, member, device, sealed).await?;
    scopes.extend((sealing.supports && sealed).then(|| peer_scope(member)));
    if sealing.is_news {
        app.writer
            .run(move |tx| Box::pin(supporters::seals(tx, member, device, sealed)))
            .await?;
    }
    Ok(scopes)
}
