//! What the screens that are not Today ask of the phone: it comes with those screens, in the second part of the wasm
//! (`app::ui::pages::later`). All of it is one question with one answer, so that the cut costs the first part little.

use super::{
    driver::Driver,
    phone::{store_failed, write},
    pin, platform, rows, session,
    store::{
        Change, DRAFTS, Found, OUTBOX, PRIVATE, RECORDS, StoreError, all, outbox, records_of,
        under_key,
    },
    words,
};
use app::{
    domain::record::kind,
    lang,
    sync::{
        outbox::{Owner, waiting},
        sealed::is_of,
    },
    ui::local::{Answer, PinAct, Problem, Rows, Waiting},
};
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use std::rc::Rc;

/// What is asked for.
pub enum Ask {
    /// All that this person has here.
    Rows,
    /// Their own rows of a kind.
    Own(&'static str),
    /// Add rows to theirs.
    Add {
        owner: Owner,
        private: Vec<(String, String)>,
        drafts: Vec<(String, String)>,
    },
    /// What waits to be sent.
    Waiting,
    /// Join with a code.
    Join { code: String, name: Option<String> },
    /// Something that the server makes to be seen once.
    Once(&'static str),
    /// Do something with the PIN; opening and forgetting need no second part.
    Pin(PinAct),
    /// Ask a script of its own.
    Script(&'static str, Vec<String>),
}

/// What comes of it.
pub enum Done {
    Nothing,
    Rows(Rows),
    Found(Vec<Found>),
    Waiting(Vec<Waiting>),
    Texts(Vec<String>),
}

/// Does it.
pub async fn ask(driver: Rc<Driver>, what: Ask) -> Result<Done, Problem> {
    match answer(driver, what).await {
        Ok(done) => done.await,
        // The screen that asks came with it, so it is here.
        Err(_) => Err(words::store_problem()),
    }
}

#[wasm_split(screens, wasm_split_path = leptos::wasm_split, fallible)]
fn answer(driver: Rc<Driver>, what: Ask) -> Result<Answer<Done>, SplitLoaderError> {
    Ok(Box::pin(answered(driver, what)))
}

async fn answered(driver: Rc<Driver>, what: Ask) -> Result<Done, Problem> {
    match what {
        Ask::Rows => {
            let rows = rows_of(&driver).await;
            return rows.map(Done::Rows).map_err(store_failed(&driver));
        }
        Ask::Own(kind) => {
            let own = own_of_kind(&driver, kind).await;
            return own.map(Done::Found).map_err(store_failed(&driver));
        }
        Ask::Waiting => {
            let waits = waits(&driver).await;
            return waits.map(Done::Waiting).map_err(store_failed(&driver));
        }
        Ask::Script(what, with) => return script(what, &with).await.map(Done::Texts),
        Ask::Add {
            owner,
            private,
            drafts,
        } => add(&driver, owner, private, drafts).await?,
        Ask::Join { code, name } => session::join(&driver, code, name).await?,
        Ask::Once(address) => session::ask_once(&driver, address).await?,
        Ask::Pin(act) => pin::act(&driver, act).await?,
    }
    Ok(Done::Nothing)
}

async fn waits(driver: &Driver) -> Result<Vec<Waiting>, StoreError> {
    let [rows] = driver.store.read([all(OUTBOX)]).await?;
    let rows = outbox(&rows);
    let waits = waiting(&rows, driver.owner.get()).into_iter();
    Ok(waits
        .map(|(row, sent)| Waiting {
            id: row.id,
            command: row.command(),
            made_at: row.made_at,
            sent,
            deferred: row.deferred,
        })
        .collect())
}

/// The owner's rows of a kind, with what is being typed.
async fn own_of_kind(driver: &Driver, kind: &str) -> Result<Vec<Found>, StoreError> {
    let owner = driver.owner.get();
    // What cannot be written now stays on the screen, and what is here can be read all the same.
    let _ = driver.drafts.flush().await;
    let prefix = [kind, "/"].concat();
    let [rows] = driver.store.read([under_key(PRIVATE, &prefix)]).await?;
    let mine = rows.into_iter();
    let mine = mine.filter_map(|(key, row)| Some((key, rows::of(owner, &row)?.to_owned())));
    Ok(mine.collect())
}

async fn script(what: &'static str, with: &[String]) -> Result<Vec<String>, Problem> {
    let with: Vec<&str> = with.iter().map(String::as_str).collect();
    let done = platform::aside(what, &with).await;
    let done = done.and_then(platform::texts);
    Ok(done.ok_or_else(not_done)?.into_iter().flatten().collect())
}

fn not_done() -> Problem {
    Problem::Refused(lang::en::copy::NOT_DONE.get().to_owned())
}

async fn add(
    driver: &Rc<Driver>,
    owner: Owner,
    private: Vec<(String, String)>,
    drafts: Vec<(String, String)>,
) -> Result<(), Problem> {
    if driver.owner.get() != owner {
        // Somebody else has joined meanwhile.
        return Err(not_done());
    }
    // Nothing stands there. Named all the same: drafts alone would be written less durably.
    let mut changes = vec![Change::Delete(PRIVATE, String::new())];
    for (store, rows) in [(PRIVATE, private), (DRAFTS, drafts)] {
        for (key, text) in rows {
            changes.push(Change::Put(store, key, rows::own(owner, &text)));
        }
    }
    write(driver, &changes).await
}

async fn rows_of(driver: &Driver) -> Result<Rows, StoreError> {
    driver.drafts.flush().await?;
    let (store, owner) = (&driver.store, driver.owner.get());
    let asks = [
        all(PRIVATE),
        all(DRAFTS),
        all(OUTBOX),
        under_key(RECORDS, &rows::scope(owner)),
        records_of("public", kind::OPPORTUNITY),
        records_of("public", kind::SESSION),
        records_of("public", kind::GROUP),
        records_of("public", kind::DOCUMENT),
        under_key(RECORDS, "group:"),
    ];
    // As they are: whose a row is can be told without opening it, and others' are not opened.
    let mut found = store.read_as_is(&asks).await?.into_iter();
    let mut next = || found.next().unwrap_or_default();
    let mut all = Rows::default();
    let (private, drafts, outbox) = (next(), next(), next());
    for (name, rows, into) in [
        (PRIVATE, private, &mut all.private),
        (DRAFTS, drafts, &mut all.drafts),
    ] {
        let (own, others): (Vec<Found>, Vec<Found>) =
            (rows.into_iter()).partition(|(_, row)| rows::of(owner, row).is_some());
        all.of_others.extend(others.into_iter().map(|(key, _)| key));
        for (key, row) in store.opened(name, own).await? {
            into.extend(rows::of(owner, &row).map(|text| (key, text.to_owned())));
        }
    }
    let own = outbox.into_iter().filter(|(_, row)| is_of(owner, row));
    all.outbox = store.opened(OUTBOX, own.collect()).await?;
    all.records = store.opened(RECORDS, next()).await?;
    for _ in 0..4 {
        all.records.extend(next());
    }
    let in_groups = store.opened(RECORDS, next()).await?;
    all.records.extend(in_groups);
    Ok(all)
}
