//! What the screens may ask of the phone, answered by the driver and the store. Every write answers
//! only once it is durable.

use super::{
    drafts::Ending,
    driver::Driver,
    later::{self, Ask, Done},
    own, pin, platform, rows, session,
    store::{
        Change, DRAFTS, Found, META, OUTBOX, PRIVATE, RECORDS, StoreError, all, outbox, records_of,
        under_key,
    },
    words,
};
use app::{
    domain::{
        check_in::ShareCheckIn,
        command::Command,
        id::{CheckInId, CommandId},
        record::kind,
        time::Millis,
    },
    json, lang,
    sync::{
        outbox::Owner,
        overlay::{self, Laid},
        replica::{Act, Input},
        store::{CLEARED, RecordKey, Refused, Write},
    },
    ui::local::{
        Answer, Draft, GivenBack, Phone, PinAct, PrivateCheckIn, Problem, Rows, Seen, Waiting,
    },
};
use futures::future::select;
use std::{
    cell::Cell,
    pin::{Pin, pin},
    rc::Rc,
};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;

/// How long what was typed may take to be written before the screen is left for the plain page.
const HIDE_WITHIN_MS: Millis = 2_000;

/// The phone that the screens get from context.
pub struct Browser {
    driver: Rc<Driver>,
    /// Whether the browser was asked to keep the data since the page opened.
    asked_to_persist: Rc<Cell<bool>>,
}

impl Browser {
    /// The phone over its driver.
    pub fn new(driver: Rc<Driver>) -> Self {
        Self {
            driver,
            asked_to_persist: Rc::default(),
        }
    }

    /// Work that the driver does for a screen.
    fn answer<T: 'static>(
        &self,
        work: impl AsyncFnOnce(Rc<Driver>) -> Result<T, Problem> + 'static,
    ) -> Answer<T> {
        let driver = Rc::clone(&self.driver);
        let known = known(Rc::clone(&driver));
        Box::pin(async move {
            known.await;
            work(driver).await
        })
    }

    /// A save: the form's draft ends with it, in the same transaction.
    fn save<T: 'static>(
        &self,
        form: Option<String>,
        work: impl AsyncFnOnce(&Rc<Driver>, Option<Write>) -> Result<T, Problem> + 'static,
    ) -> Answer<T> {
        let asked = Rc::clone(&self.asked_to_persist);
        self.answer(async move |driver| {
            let ending = driver.drafts.end(driver.owner.get(), form.as_deref()).await;
            let delete = ending
                .as_ref()
                .map(|Ending { key, .. }| Write::DeleteDraft(key.clone()));
            let saved = work(&driver, delete).await;
            driver.drafts.ended(ending, saved.is_ok());
            if saved.is_ok() && !asked.replace(true) {
                spawn_local(ask_to_persist(driver));
            }
            saved
        })
    }

    /// Something that the second part of the wasm does.
    fn ask<T: 'static>(&self, what: Ask, take: fn(Done) -> T) -> Answer<T> {
        let driver = Rc::clone(&self.driver);
        let done = known_first(driver, what);
        Box::pin(async move { done.await.map(take) })
    }

    fn act(&self, act: Act) -> Answer<()> {
        self.answer(async move |driver| driver.act(act).await.map_err(words::not_kept))
    }
}

impl Phone for Browser {
    fn records(&self, kind: &'static str) -> Answer<Vec<Seen<String>>> {
        self.answer(async move |driver| records(&driver, kind).await.map_err(store_failed(&driver)))
    }

    fn waiting(&self) -> Answer<Vec<Waiting>> {
        self.ask(Ask::Waiting, |done| match done {
            Done::Waiting(waiting) => waiting,
            _ => Vec::new(),
        })
    }

    fn send(&self, command: Command, form: Option<String>) -> Answer<CommandId> {
        self.save(form, async move |driver, end_draft| {
            let mut with: Vec<_> = end_draft.into_iter().collect();
            with.extend(own::copy_for(driver, &command).await?);
            send(driver, command, with).await
        })
    }

    fn send_all(&self, commands: Vec<Command>, form: Option<String>) -> Answer<()> {
        self.save(form, async move |driver, end_draft| {
            let mut with: Vec<_> = end_draft.into_iter().collect();
            let mut all = Vec::new();
            for command in commands {
                with.extend(own::copy_for(driver, &command).await?);
                all.push((CommandId(platform::new_id()), command));
            }
            let act = Act::DoAll {
                owner: driver.owner.get(),
                commands: all,
                with,
            };
            driver.act(act).await.map_err(words::not_kept)
        })
    }

    fn share(
        &self,
        share: ShareCheckIn,
        own: PrivateCheckIn,
        form: Option<String>,
    ) -> Answer<CommandId> {
        self.save(form, async move |driver, end_draft| {
            let mut with: Vec<_> = end_draft.into_iter().collect();
            with.push(own::put(driver.owner.get(), &own));
            send(driver, Command::ShareCheckIn(share), with).await
        })
    }

    fn dont_send(&self, command: CommandId) -> Answer<()> {
        self.answer(async move |driver| {
            let found = driver.store.read([all(OUTBOX)]).await;
            let [rows] = found.map_err(store_failed(&driver))?;
            let rows = outbox(&rows);
            let waiting = rows
                .into_iter()
                .find(|row| row.id == command)
                .and_then(|row| row.command());
            let with = match waiting {
                Some(command) => own::copy_for(&driver, &command).await?,
                None => None,
            };
            let undo = Act::Undo {
                command,
                withdrawal: CommandId(platform::new_id()),
                with: with.into_iter().collect(),
            };
            driver.act(undo).await.map_err(words::not_kept)
        })
    }

    fn keep(&self, check_in: PrivateCheckIn, form: Option<String>) -> Answer<()> {
        self.save(form, async move |driver, end_draft| {
            let row = own::put(driver.owner.get(), &check_in);
            let changes: Vec<_> = end_draft
                .into_iter()
                .chain([row])
                .map(Change::from)
                .collect();
            write(driver, &changes).await
        })
    }

    fn own(&self, kind: &'static str) -> Answer<Vec<Found>> {
        self.ask(Ask::Own(kind), |done| match done {
            Done::Found(found) => found,
            _ => Vec::new(),
        })
    }

    fn delete_kept(&self, check_in: CheckInId) -> Answer<()> {
        self.answer(async move |driver| write(&driver, &[own::delete(check_in)]).await)
    }

    fn draft(&self, form: &str) -> Answer<Option<Draft>> {
        let form = form.to_owned();
        self.answer(async move |driver| {
            let found = driver.drafts.find(driver.owner.get(), &form).await;
            found.map_err(store_failed(&driver))
        })
    }

    fn given_back(&self) -> Answer<Vec<GivenBack>> {
        self.answer(async move |driver| {
            let found = driver.store.read([under_key(DRAFTS, REFUSED)]).await;
            let [rows] = found.map_err(store_failed(&driver))?;
            let owner = driver.owner.get();
            // Their keys end with ids that begin with the time, so the last is the newest.
            let mine = rows.into_iter().rev();
            Ok(mine
                .filter_map(|(key, row)| given_back(key, rows::of(owner, &row)?))
                .collect())
        })
    }

    fn save_draft(&self, form: &str, fields: String) {
        let driver = Rc::clone(&self.driver);
        if !driver.knows_owner() {
            // Typed before the store has said whose phone this is: it is not to stand under nobody.
            let form = form.to_owned();
            return spawn_local(async move {
                driver.know_owner().await;
                Self::new(driver).save_draft(&form, fields);
            });
        }
        let typed = driver.drafts.typed(driver.owner.get(), form, fields);
        spawn_local(async move {
            if driver.drafts.rest(typed).await.is_err() {
                driver.say_store_failed();
            }
        });
    }

    fn delete_draft(&self, form: &str) -> Answer<()> {
        let form = form.to_owned();
        self.answer(async move |driver| {
            let ending = driver.drafts.end(driver.owner.get(), Some(&form)).await;
            let key = ending.as_ref().map(|Ending { key, .. }| key.clone());
            // One that was given back is named by its key, and so is what is kept as it is typed.
            let is_own = rows::is_kept_as_typed(&form);
            let key = key.or_else(|| (is_own || form.starts_with(REFUSED)).then_some(form));
            let store = if is_own { PRIVATE } else { DRAFTS };
            let deleted = match key {
                Some(key) => write(&driver, &[Change::Delete(store, key)]).await,
                None => Ok(()),
            };
            driver.drafts.ended(ending, deleted.is_ok());
            deleted
        })
    }

    fn join(&self, code: String, name: Option<String>) -> Answer<()> {
        self.ask(Ask::Join { code, name }, drop)
    }

    fn adopt(&self, mine: bool) -> Answer<()> {
        let owner = self.driver.owner.get();
        if let (true, Some(member)) = (mine, owner.member()) {
            return self.act(Act::Adopt(member));
        }
        self.answer(async move |driver| {
            let key = rows::about(rows::NOT_MINE, owner);
            write(&driver, &[Change::Put(META, key, String::new())]).await
        })
    }

    fn sync_now(&self) {
        self.driver.tell(Input::Try);
    }

    fn leave(&self, keep_unsent: bool) -> Answer<()> {
        self.answer(async move |driver| session::leave_phone(&driver, keep_unsent).await)
    }

    fn ask_once(&self, address: &'static str) -> Answer<()> {
        self.ask(Ask::Once(address), drop)
    }

    fn dismiss(&self, what: String) -> Answer<()> {
        self.answer(async move |driver| {
            let change = if what == CLEARED {
                Change::Delete(META, what)
            } else {
                let key = rows::about(&[rows::DISMISSED, &what].concat(), driver.owner.get());
                Change::Put(META, key, String::new())
            };
            write(&driver, &[change]).await
        })
    }

    fn pin(&self, act: PinAct) -> Answer<()> {
        match act {
            PinAct::Open(now) => self.answer(async move |driver| pin::open(&driver, &now).await),
            PinAct::Forget => self.answer(async move |driver| pin::forget(&driver).await),
            act => self.ask(Ask::Pin(act), drop),
        }
    }

    fn rows(&self) -> Answer<Rows> {
        self.ask(Ask::Rows, |done| match done {
            Done::Rows(rows) => rows,
            _ => Rows::default(),
        })
    }

    fn add(
        &self,
        owner: Owner,
        private: Vec<(String, String)>,
        drafts: Vec<(String, String)>,
    ) -> Answer<()> {
        let rows = Ask::Add {
            owner,
            private,
            drafts,
        };
        self.ask(rows, drop)
    }

    fn aside(&self, what: &'static str, with: Vec<String>) -> Answer<Vec<String>> {
        self.ask(Ask::Script(what, with), |done| match done {
            Done::Texts(texts) => texts,
            _ => Vec::new(),
        })
    }

    fn hide(&self) {
        platform::cover(true);
        let driver = Rc::clone(&self.driver);
        spawn_local(async move {
            // The screen is covered already. Still, who hides cannot wait for a store that fails.
            let kept = pin!(keep_typed(&driver));
            let _ = select(kept, pin!(platform::pause(HIDE_WITHIN_MS))).await;
            if driver.store.lock().is_some() {
                platform::tell_tabs("lock");
            }
            platform::hide("/notes", lang::en::hide::NOTES.get());
        });
    }

    fn use_update(&self) {
        let driver = Rc::clone(&self.driver);
        spawn_local(async move {
            match keep_typed(&driver).await {
                Ok(()) if driver.drafts.all_kept() => platform::use_update(),
                _ => driver.say_store_failed(),
            }
        });
    }

    fn install(&self) -> bool {
        platform::install()
    }

    fn new_id(&self) -> Uuid {
        platform::new_id()
    }

    fn now(&self) -> Millis {
        platform::now()
    }

    fn say_time(&self, at: Millis) -> String {
        platform::say_time(at)
    }

    fn days_to(&self, at: Millis) -> i32 {
        platform::days_to(at)
    }

    fn parse_time(&self, rfc3339: &str) -> Option<Millis> {
        platform::parse_time(rfc3339)
    }
}

/// Writes what was typed, also before it was known whose phone this is.
async fn keep_typed(driver: &Driver) -> Result<(), StoreError> {
    driver.know_owner().await;
    driver.drafts.flush().await
}

/// Whose phone this is must be known first. In a box: each answer would hold all of it anew.
fn known(driver: Rc<Driver>) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move { driver.know_owner().await })
}

/// The same for what the second part does: one future for all of it.
fn known_first(driver: Rc<Driver>, what: Ask) -> Answer<Done> {
    Box::pin(async move {
        driver.know_owner().await;
        later::ask(driver, what).await
    })
}

/// Where refused commands stand among the drafts (see [`Refused::key`]).
const REFUSED: &str = "refused/";

async fn records(driver: &Driver, kind: &'static str) -> Result<Vec<Seen<String>>, StoreError> {
    let owner = driver.owner.get();
    let own = match kind {
        kind::ATTENDEE | kind::GROUP_REPORT => under_key(RECORDS, "lead:"),
        kind::GROUP_PERSON
        | kind::GROUP_MESSAGE
        | kind::GROUP_SUGGESTION
        | kind::SUGGESTION_COMMENT
        | kind::DOCUMENT => under_key(RECORDS, "group:"),
        kind => records_of(rows::scope(owner), kind),
    };
    // What a peer is told of others stands beside what they were told for themselves.
    let others = match kind {
        kind::PEER_MATCH | kind::PEER_MESSAGE | kind::PEER_WORRY => under_key(RECORDS, "peer:"),
        kind => records_of("public", kind),
    };
    let asks = [own, others, all(OUTBOX)];
    let [mut own, mut others, waiting] = driver.store.read(asks).await?;
    for rows in [&mut own, &mut others] {
        rows.retain(|(key, _)| RecordKey::parse(key).is_some_and(|key| key.kind() == kind));
    }
    // A person's own copy of a thing says more than the public one.
    let mut records = by_id(own);
    for (id, body) in by_id(others) {
        if !records.iter().any(|(own, _)| *own == id) {
            records.push((id, body));
        }
    }
    let laid = overlay::lay(kind, records, &outbox(&waiting), owner);
    Ok(laid.into_iter().filter_map(seen).collect())
}

/// Records by the ids of their things.
pub fn by_id(found: Vec<Found>) -> Vec<(String, String)> {
    let id = |key: &str| Some(RecordKey::parse(key)?.id().to_owned());
    let rows = found.into_iter();
    rows.filter_map(|(key, body)| Some((id(&key)?, body)))
        .collect()
}

fn seen(Laid { id, body, sent }: Laid) -> Option<Seen<String>> {
    Some(Seen {
        id: id.parse().ok()?,
        body,
        sent,
    })
}

async fn send(driver: &Driver, command: Command, with: Vec<Write>) -> Result<CommandId, Problem> {
    let id = CommandId(platform::new_id());
    let act = Act::Do {
        id,
        owner: driver.owner.get(),
        command: Box::new(command),
        with,
    };
    driver.act(act).await.map_err(words::not_kept)?;
    Ok(id)
}

/// Writes what the replica has no part in, and tells every tab.
pub async fn write(driver: &Rc<Driver>, changes: &[Change]) -> Result<(), Problem> {
    driver
        .store
        .write(changes, None)
        .await
        .map_err(store_failed(driver))?;
    driver.say_store_works();
    driver.show_own_change();
    Ok(())
}

pub fn store_failed(driver: &Rc<Driver>) -> impl Fn(StoreError) -> Problem + use<> {
    let driver = Rc::clone(driver);
    move |_| {
        driver.say_store_failed();
        words::store_problem()
    }
}

fn given_back(form: String, content: &str) -> Option<GivenBack> {
    let refused: Refused = json::read(content)?;
    Some(GivenBack {
        form,
        command: refused.row.command(),
        made_at: refused.row.made_at,
        why: refused.message,
    })
}

async fn ask_to_persist(driver: Rc<Driver>) {
    let persisted = platform::persist().await;
    driver.update(|status| status.persisted = persisted);
}
