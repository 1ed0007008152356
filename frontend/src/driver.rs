//! The one event loop: what the replica asks for is done here, one thing after the other, and what
//! happens in the world is told to it.
//!
//! The network and the round's lock are never awaited inside the loop: a round that gets no answer
//! holds nothing up. They answer as events.

use super::{
    drafts::Drafts,
    pin,
    platform::{self, Lock},
    session,
    store::{self, Change, META, Store, StoreError},
    transport,
};
use app::{
    domain::id::DeviceId,
    sync::{
        outbox::Owner,
        replica::{Act, Input, NotKept, Output, Replica, Setup, Ticket},
        store::{Batch, DEVICE, Saved},
    },
    ui::local::Local,
};
use futures::{
    StreamExt,
    channel::{
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        oneshot,
    },
};
use leptos::prelude::Update;
use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// How long a store that does not open is left alone.
const REOPEN_MS: i64 = 5_000;

/// The Web Lock under which one tab at a time makes a round.
const ROUND: &str = "round";

/// What the loop hears.
enum Event {
    /// Something in the browser, by the name that the boot script gives it.
    World(String),
    /// An answer to something that the replica asked for, or a person's act.
    Input(Input),
    /// The round's lock is ours, or could not be had.
    Held(Option<Lock>),
}

/// Where the answer to a person's act is awaited.
type Answering = oneshot::Sender<Result<(), NotKept>>;

/// The browser's half of the replica.
pub struct Driver {
    /// The phone's memory.
    pub store: Store,
    /// What is being typed.
    pub drafts: Drafts,
    /// What the screens see.
    pub local: Local,
    /// Whose rows are shown.
    pub owner: Cell<Owner>,
    /// How far the screens are behind (see `show`).
    pub behind: Cell<u32>,
    inbox: UnboundedSender<Event>,
    asked: RefCell<Vec<(Ticket, Answering)>>,
    last_ticket: Cell<Ticket>,
    /// The round's Web Lock, while the replica wants it.
    round: RefCell<Option<Lock>>,
    /// The revision that this tab's replica knows.
    revision: Cell<u64>,
    /// Which browser this is; known once the store has been read.
    pub device: OnceCell<DeviceId>,
    /// Whether what is stored has been read, and with it whose phone this is.
    knows_owner: Cell<bool>,
    /// Who waits for that.
    curious: RefCell<Vec<oneshot::Sender<()>>>,
    /// How often a replica was begun: what one asked for means nothing to the next.
    begun: Cell<u32>,
}

impl Driver {
    /// Starts the loop.
    pub fn start(local: Local) -> Rc<Self> {
        let (inbox, events) = mpsc::unbounded();
        let store = Store::default();
        let driver = Rc::new(Self {
            drafts: Drafts::new(store.clone()),
            store,
            local,
            owner: Cell::default(),
            behind: Cell::default(),
            inbox,
            asked: RefCell::default(),
            last_ticket: Cell::new(0),
            round: RefCell::default(),
            revision: Cell::new(0),
            device: OnceCell::new(),
            knows_owner: Cell::new(false),
            curious: RefCell::default(),
            begun: Cell::new(0),
        });
        let ears = Rc::clone(&driver);
        let listener = Closure::<dyn Fn(String)>::new(move |name| ears.hear(name));
        platform::listen(&listener);
        listener.forget();
        spawn_local(Rc::clone(&driver).run(events));
        driver
    }

    /// Asks the replica for something, and waits until it is durable.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn act(&self, act: Act) -> Result<(), NotKept> {
        let ticket = self.last_ticket.get() + 1;
        self.last_ticket.set(ticket);
        let (answer, wait) = oneshot::channel();
        self.asked.borrow_mut().push((ticket, answer));
        self.tell(Input::Act(ticket, act));
        wait.await.unwrap_or(Err(NotKept::Store))
    }

    /// Waits until it is known whose phone this is and how things stand for them, or that the store
    /// does not open. What was read or kept before would be nobody's, and a form that was given back
    /// before would lack what only some are asked.
    pub async fn know_owner(&self) {
        if !self.knows_owner.get() {
            let (tell, wait) = oneshot::channel::<()>();
            self.curious.borrow_mut().push(tell);
            // Letting the sender go is the news.
            let _ = wait.await;
        }
    }

    /// It is known whose phone this is: the screens are told how things stand, and then whatever they ask.
    /// What was typed before is written, unless it cannot be sealed before the PIN is given.
    pub async fn owner_is_known(self: &Rc<Self>) {
        if self.read_status().await.is_err() {
            self.say_store_failed();
        }
        self.knows_owner.set(true);
        if !self.store.is_locked() {
            self.drafts.settle(self.owner.get());
            self.keep_drafts();
        }
        self.curious.borrow_mut().clear();
        self.local.changed.update(|count| *count += 1);
    }

    /// Whether the browser promised to keep the data: some take their time to say it, or never do.
    pub async fn ask_persisted(&self) {
        let persisted = platform::persisted().await;
        self.update(|status| status.persisted = persisted);
    }

    /// Whether it is known whose phone this is.
    pub fn knows_owner(&self) -> bool {
        self.knows_owner.get()
    }

    /// Tells the replica something.
    pub fn tell(&self, input: Input) {
        // The loop lives as long as the page, so there is always someone to hear it.
        let _ = self.inbox.unbounded_send(Event::Input(input));
    }

    /// Writes what was typed.
    pub fn keep_drafts(self: &Rc<Self>) {
        let driver = Rc::clone(self);
        spawn_local(async move {
            if driver.drafts.flush().await.is_err() {
                driver.say_store_failed();
            }
        });
    }

    fn hear(self: &Rc<Self>, name: String) {
        if name == "hidden" {
            // At once, for the page may be killed: not in its turn behind what the loop is doing.
            self.keep_drafts();
        }
        self.world(&name);
    }

    /// Something happened in the browser.
    pub fn world(&self, name: &str) {
        let _ = self.inbox.unbounded_send(Event::World(name.to_owned()));
    }

    async fn run(self: Rc<Self>, mut events: UnboundedReceiver<Event>) {
        while self.run_until_locked(&mut events).await {
            // Nobody hears of what was under way; it is in the store, or it was not kept.
            self.asked.borrow_mut().clear();
            self.round.take();
        }
    }

    /// Whether the page goes on: it may be loaded anew instead, so that nothing stays in memory.
    async fn run_until_locked(self: &Rc<Self>, events: &mut UnboundedReceiver<Event>) -> bool {
        let (mut replica, first) = self.restore(events).await;
        pin::opened(self);
        let start = if platform::visible() {
            Input::Visible
        } else {
            Input::Hidden
        };
        self.take(&mut replica, start).await;
        session::take_over(self);
        let mut next = first;
        loop {
            let input = match next.take() {
                Some(Event::Input(input)) => Some(input),
                Some(Event::World(name)) if name == "lock" => match self.lock_up().await {
                    Some(goes_on) => return goes_on,
                    None => None,
                },
                Some(Event::World(name)) => self.input_of(&name).await,
                Some(Event::Held(lock)) => Some(self.begin_round(lock).await),
                None => None,
            };
            if let Some(input) = input {
                self.take(&mut replica, input).await;
            }
            next = events.next().await;
        }
    }

    /// Locks, if there is a PIN: what was typed is kept first. None if it could not be done.
    async fn lock_up(&self) -> Option<bool> {
        if self.store.lock().is_none() {
            platform::cover(false);
            return None;
        }
        if self.drafts.flush().await.is_ok() {
            platform::reload();
            return Some(false);
        }
        if self.store.is_locked() {
            // Another tab has set the PIN. What was typed here waits in memory until it is opened.
            return Some(true);
        }
        self.say_store_failed();
        platform::cover(false);
        None
    }

    /// There is a PIN: whose phone it is can be known, and no more. What is public can be looked at.
    async fn say_locked(self: &Rc<Self>, event: Option<&Event>) {
        self.owner.set(self.store.owner());
        self.owner_is_known().await;
        platform::cover(false);
        let looks = |name: &str| matches!(name, "visible" | "online");
        if event.is_none_or(|event| matches!(event, Event::World(name) if looks(name))) {
            spawn_local(pin::ask_if_lost(Rc::clone(self)));
        }
    }

    /// Opens the store and restores the replica, however often it takes. Whatever a person asks for
    /// meanwhile is tried at once, and refused if the store still does not open.
    async fn restore(
        self: &Rc<Self>,
        events: &mut UnboundedReceiver<Event>,
    ) -> (Replica, Option<Event>) {
        let mut event = None;
        self.begun.set(self.begun.get() + 1);
        loop {
            match self.read_start().await {
                Ok((saved, device)) => {
                    self.revision.set(revision(&saved));
                    let setup = Setup {
                        device,
                        build: platform::BUILD.with(Clone::clone),
                        seed: device.0.as_u64_pair().1,
                    };
                    let replica = Replica::restore(saved, setup);
                    self.show_status(&replica.status());
                    self.show_changes();
                    return (replica, event);
                }
                Err(StoreError::Locked) => self.say_locked(event.as_ref()).await,
                Err(_) => {
                    self.say_store_failed();
                    self.curious.borrow_mut().clear();
                    platform::wake_in(REOPEN_MS);
                }
            }
            if let Some(Event::Input(Input::Act(ticket, _))) = event {
                self.answer(ticket, Err(NotKept::Store));
            }
            event = events.next().await;
        }
    }

    async fn read_start(&self) -> Result<(Saved, DeviceId), StoreError> {
        let [known] = self.store.read([store::under_key(META, DEVICE)]).await?;
        let device = match known.first().and_then(|(_, id)| id.parse().ok()) {
            Some(device) => device,
            None => {
                let device = DeviceId(Uuid::new_v4());
                let row = Change::Put(META, DEVICE.to_owned(), device.to_string());
                self.store.write(&[row], None).await?;
                device
            }
        };
        let device = *self.device.get_or_init(|| device);
        self.update(|status| status.device = Some(device));
        Ok((self.store.read_saved().await?, device))
    }

    /// What something in the browser means for the replica.
    async fn input_of(self: &Rc<Self>, name: &str) -> Option<Input> {
        match name {
            "visible" => Some(Input::Visible),
            "hidden" => Some(Input::Hidden),
            "online" => Some(Input::Try),
            "timer" => Some(Input::Wake),
            "changed-elsewhere" => {
                self.show_changes();
                self.store.look_at_lock().await.ok()?;
                if self.lock_if_due() {
                    return None;
                }
                let stored = self.stored_revision().await.ok()?;
                if stored == self.revision.get() {
                    return None;
                }
                self.read_again().await.map(Input::Reloaded)
            }
            "store-closed" => {
                self.store.let_go();
                None
            }
            "update" => {
                self.update(|status| status.update_ready = true);
                None
            }
            _ => None,
        }
    }

    async fn take(self: &Rc<Self>, replica: &mut Replica, input: Input) {
        replica.handle(platform::now(), input);
        while let Some(output) = replica.poll() {
            if let Some(answer) = self.perform(output).await {
                replica.handle(platform::now(), answer);
            }
        }
    }

    /// Does what the replica asks for. What must be known before the next thing is done is returned.
    async fn perform(self: &Rc<Self>, output: Output) -> Option<Input> {
        match output {
            Output::Store(batch) => return Some(self.keep(batch).await),
            Output::Lock { .. } => {
                self.later(async |_| Event::Held(platform::lock(ROUND, true).await))
            }
            Output::Unlock => drop(self.round.take()),
            Output::Send(id, mut request) => self.later(async move |driver| {
                let store = &driver.store;
                // Another tab may have turned the PIN off: without one nothing is asked for about other people.
                let looked = store.look_at_lock().await.is_ok();
                request.sealed = looked && store.lock().is_some() && store.is_settled();
                Event::Input(Input::Reply(id, transport::sync(&request).await))
            }),
            Output::Renew(member) => self.later(async move |driver| {
                Event::Input(Input::Renewed(session::renew(&driver, member).await))
            }),
            Output::Done(ticket, result) => self.answer(ticket, result),
            Output::Changed => self.show_changes(),
            Output::Status(status) => self.show_status(&status),
            Output::WakeAt(at) => platform::wake_in(at - platform::now()),
        }
        None
    }

    /// Does something beside the loop; its answer comes as an event.
    fn later(self: &Rc<Self>, work: impl AsyncFnOnce(Rc<Self>) -> Event + 'static) {
        let driver = Rc::clone(self);
        let begun = self.begun.get();
        spawn_local(async move {
            let event = work(Rc::clone(&driver)).await;
            if driver.begun.get() == begun {
                let _ = driver.inbox.unbounded_send(event);
            }
        });
    }

    async fn keep(self: &Rc<Self>, batch: Batch) -> Input {
        let (id, next) = (batch.id, batch.meta.revision);
        if batch.meta.owner != self.owner.get() {
            // As in `read_again`.
            let _ = self.drafts.flush().await;
        }
        match self.store.keep(batch).await {
            Ok(()) => {
                self.revision.set(next);
                platform::tell_tabs("changed-elsewhere");
                if !self.lock_if_due() && !self.store.is_settled() {
                    pin::opened(self);
                }
                Input::Stored(id)
            }
            Err(StoreError::Stale) => match self.read_again().await {
                Some(saved) => Input::Conflict(id, saved),
                None => Input::StoreFailed(id),
            },
            Err(_) => {
                self.lock_if_due();
                Input::StoreFailed(id)
            }
        }
    }

    /// Reads inside the round's lock what another tab may have written before it let it go.
    async fn begin_round(&self, lock: Option<Lock>) -> Input {
        let (Some(lock), Ok(stored)) = (lock, self.stored_revision().await) else {
            return Input::LockFailed;
        };
        let saved = if stored == self.revision.get() {
            None
        } else {
            match self.read_again().await {
                Some(saved) => Some(saved),
                None => return Input::LockFailed,
            }
        };
        self.round.replace(Some(lock));
        Input::Locked(saved)
    }

    async fn stored_revision(&self) -> Result<u64, StoreError> {
        let [sync] = self.store.read([store::sync_row()]).await?;
        Ok(store::meta(&sync).revision)
    }

    /// Another tab has set a PIN: this one is locked too.
    pub fn lock_if_due(&self) -> bool {
        let due = self.store.is_locked();
        if due {
            self.world("lock");
        }
        due
    }

    async fn read_again(&self) -> Option<Box<Saved>> {
        // What was typed is sealed with the lock of who typed it, as long as this tab takes the phone for theirs.
        let _ = self.drafts.flush().await;
        let saved = self.store.read_saved().await;
        self.lock_if_due();
        let saved = saved.ok()?;
        self.revision.set(revision(&saved));
        Some(Box::new(saved))
    }

    fn answer(&self, ticket: Ticket, result: Result<(), NotKept>) {
        let mut asked = self.asked.borrow_mut();
        if let Some(place) = asked.iter().position(|(waiting, _)| *waiting == ticket) {
            // Who asked may have left the screen.
            let _ = asked.swap_remove(place).1.send(result);
        }
    }
}

fn revision(saved: &Saved) -> u64 {
    saved.meta.as_ref().map_or(0, |meta| meta.revision)
}
