//! What was taken back is gone from the disk as well: from the database's file and from its log.

use crate::{
    site::{Phone, Site, record, wire},
    sync::{a_request, a_share},
};
use app::domain::{
    command::Command,
    id::{SessionId, SignUpId},
    opportunity::Gives,
    record::SignUp,
};
use server::commands::staff::StaffAction;
use std::{
    cell::Cell,
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// Long after it must have gone: only a server that never tidies comes here.
const GIVE_UP: Duration = Duration::from_secs(30);

/// The files of the database in which `text` stands.
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

fn is_in_files(site: &Site, text: &str) -> bool {
    !files_with(&site.app.config.store.data_dir, text).is_empty()
}

/// Looks until `text` is in no file.
pub async fn gone(site: &Site, text: &'static str) {
    let began = Instant::now();
    loop {
        let folder = site.app.config.store.data_dir.clone();
        let look = move || files_with(&folder, text);
        let files = tokio::task::spawn_blocking(look).await.unwrap();
        if files.is_empty() {
            return;
        }
        assert!(began.elapsed() < GIVE_UP, "{text} stays in {files:?}");
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

/// Looks until `text` is in no file, while commands keep coming without a pause.
async fn gone_while_others_write(site: &Site, text: &'static str, session: SessionId) {
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
    assert!(is_in_files(phone.site, text));
    sign_up
}

#[tokio::test]
async fn a_withdrawn_check_in_is_soon_in_no_file_though_commands_keep_coming() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let team = site.team("Harbour team", "STAR-DEMO").await;
    let mut phone = site.joined("STAR-DEMO").await;
    let (check_in, mut share) = a_share(team);
    let text = "The words that I take back";
    set(&mut share, text);
    phone.sync(&[wire(&share)]).await;
    assert!(is_in_files(&site, text));
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

/// Rows that come and go share pages of the file, and pages are divided: nothing of it may stay behind.
#[tokio::test]
async fn many_that_were_taken_back_leave_nothing_on_any_page() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut sign_ups = Vec::new();
    for member in 0..40_usize {
        let mut phone = site.member().await;
        // Of many lengths, so that some fill pages of their own.
        let text = format!("Taken back {member}. {}", "long ".repeat(member * 11));
        let sign_up = a_sign_up(&mut phone, text.trim(), session).await;
        sign_ups.push((phone, sign_up));
    }
    site.app.writer.tidy().await.unwrap();
    let text = "Taken back ";
    assert!(is_in_files(&site, text));
    for nth in [0, 1] {
        for (phone, sign_up) in sign_ups.iter_mut().skip(nth).step_by(2) {
            phone.does(&Command::WithdrawSignUp(*sign_up)).await;
        }
    }
    gone_while_others_write(&site, text, session).await;
}

/// A backup reads one moment for as long as it takes: the log cannot be emptied meanwhile, and nobody
/// waits for that.
#[tokio::test]
async fn a_long_reading_holds_nobody_up_and_what_was_taken_back_goes_after_it() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let mut phone = site.member().await;
    let text = "What a backup may still hold";
    let sign_up = a_sign_up(&mut phone, text, session).await;
    let mut reading = site.app.db.snapshot().await.unwrap();
    sqlx::query("select 1 from sign_ups")
        .fetch_all(&mut *reading)
        .await
        .unwrap();
    let began = Instant::now();
    phone.does(&Command::WithdrawSignUp(sign_up)).await;
    // Longer than what was taken back may stay in the log: it was tried meanwhile.
    while began.elapsed() < Duration::from_secs(3) {
        let asked = Instant::now();
        phone.does(&a_request(session).1).await;
        assert!(asked.elapsed() < Duration::from_secs(2));
    }
    assert!(is_in_files(&site, text));
    reading.commit().await.unwrap();
    gone(&site, text).await;
}
