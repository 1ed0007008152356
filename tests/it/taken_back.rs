//! What was taken back is gone from the database; from SQLite's file and its log as well.

mod sqlite;

use crate::{
    database::{engine, tables_with},
    site::{Phone, Site, record, wire},
    sync::{a_request, a_share},
};
use app::domain::{
    command::Command,
    id::{SessionId, SignUpId},
    opportunity::Gives,
    record::SignUp,
};
use server::{commands::staff::StaffAction, db::Engine};
use std::{
    cell::Cell,
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// Long after it must have gone: only a server that never tidies comes here.
const GIVE_UP: Duration = Duration::from_secs(30);

/// The files of SQLite, or the tables of PostgreSQL, in which `text` stands. What PostgreSQL keeps of a row that is gone
/// until it tidies its own files is not looked for.
async fn places_with(site: &Site, text: &str) -> Vec<String> {
    let store = &site.app.config.store;
    if engine(store) == Engine::Postgres {
        return tables_with(store, text).await;
    }
    let (folder, text) = (store.data_dir.clone(), text.to_owned());
    let look = move || files_with(&folder, &text);
    tokio::task::spawn_blocking(look).await.unwrap()
}

fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let paths = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|at| at == text.as_bytes());
    paths
        .filter(|path| holds(&fs::read(path).unwrap()))
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

async fn is_kept(site: &Site, text: &str) -> bool {
    !places_with(site, text).await.is_empty()
}

/// Looks until `text` is nowhere.
pub async fn gone(site: &Site, text: &str) {
    let began = Instant::now();
    loop {
        let places = places_with(site, text).await;
        if places.is_empty() {
            return;
        }
        assert!(began.elapsed() < GIVE_UP, "{text} stays in {places:?}");
    }
}

/// Someone else asks for a place and takes it back, for ever.
async fn keeps_writing(mut phone: Phone<'_>, session: SessionId, pushed: &Cell<usize>) {
    loop {
        let (sign_up, request) = a_request(session);
        phone.sync(&[wire(&request)]).await;
        let withdraw = Command::WithdrawSignUp(sign_up);
        phone.sync(&[wire(&withdraw)]).await;
        pushed.set(pushed.get() + 1);
    }
}

/// Looks until `text` is nowhere, while commands keep coming without a pause.
async fn gone_while_others_write(site: &Site, text: &str, session: SessionId) {
    let others = site.member().await;
    let pushed = Cell::new(0);
    tokio::select! {
        () = keeps_writing(others, session, &pushed) => {}
        () = async {
            while pushed.get() == 0 {
                tokio::task::yield_now().await;
            }
            gone(site, text).await;
        } => {}
    }
}

fn set(command: &mut Command, text: &str) {
    match command {
        Command::ShareCheckIn(share) => share.note = Some(text.to_owned()),
        Command::RequestSignUp(request) => {
            request.note = Some(text.to_owned());
            request.access_needs = Some(format!("{text} again"));
        }
        other => panic!("{other:?} has no text"),
    }
}

/// A sign-up with `text` in it, which is on the disk by now.
async fn a_sign_up(phone: &mut Phone<'_>, text: &str, session: SessionId) -> SignUpId {
    let (sign_up, mut request) = a_request(session);
    set(&mut request, text);
    let response = phone.sync(&[wire(&request)]).await;
    assert!(record::<SignUp>(&response, sign_up).is_some());
    assert!(is_kept(phone.site, text).await);
    sign_up
}

#[tokio::test]
async fn a_withdrawn_check_in_is_soon_nowhere_though_commands_keep_coming() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let team = site.team("Harbour team", "STAR-DEMO").await;
    let mut phone = site.joined("STAR-DEMO").await;
    let (check_in, mut share) = a_share(team);
    let text = "The words that I take back";
    set(&mut share, text);
    phone.sync(&[wire(&share)]).await;
    assert!(is_kept(&site, text).await);
    phone
        .sync(&[wire(&Command::WithdrawCheckIn(check_in))])
        .await;
    gone_while_others_write(&site, text, session).await;
}

#[tokio::test]
async fn what_a_sign_up_said_goes_with_it_whoever_ends_it() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let staff = site.staff("Priya", &[]).await;
    let mut phone = site.member().await;
    let text = "What I would rather not have said";
    let sign_up = a_sign_up(&mut phone, text, session).await;
    phone.does(&Command::WithdrawSignUp(sign_up)).await;
    gone_while_others_write(&site, text, session).await;

    let text = "What nobody needs any more";
    let sign_up = a_sign_up(&mut phone, text, session).await;
    let message = "Sorry".to_owned();
    let cancel = StaffAction::Cancel { sign_up, message };
    site.app.writer.staff(staff, cancel).await.unwrap();
    gone_while_others_write(&site, text, session).await;
}
