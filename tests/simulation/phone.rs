//! A phone: a browser with one store, one cookie jar, a clock of its own, and tabs that each run a replica.

use super::{lock::Settling, mutation::Mutation, store::Store};
use app::{
    domain::{
        id::{CommandId, DeviceId, MemberId},
        time::Millis,
    },
    sync::{
        outbox::Owner,
        replica::{Replica, RequestId, Setup, Ticket},
        sealed::Known,
        store::{Batch, Saved},
    },
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A tab that may have died meanwhile: a new one has another number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TabRef {
    /// Which phone.
    pub phone: usize,
    /// Which tab, ever.
    pub tab: u64,
}

/// What a person waits to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A command to be kept.
    Do(CommandId),
    /// To become this person.
    Become(usize),
    /// To have everything erased.
    Erase,
    /// Anything else.
    Other,
}

/// What was typed and is neither kept nor sent.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Whom the screen showed as the owner.
    pub owner: Owner,
    /// The draft's key.
    pub key: String,
    /// The words.
    pub text: String,
}

/// One tab.
#[derive(Debug)]
pub struct Tab {
    /// Its number.
    pub number: u64,
    /// Its replica.
    pub replica: Replica,
    /// The write under way.
    pub pending: Option<Batch>,
    /// What the person asked this tab for.
    pub asked: BTreeMap<Ticket, Asked>,
    /// When it is rung, by the phone's clock.
    pub wake_at: Option<Millis>,
    /// What it knows of the lock.
    pub known: Known,
    /// Whose rows its screens show.
    pub shows: Owner,
    /// The rows that it is sealing, or opening for good.
    pub settling: Option<Settling>,
    /// What was typed and is not written yet.
    pub typed: Option<Typed>,
    /// Its last request, and whether that said that the phone seals its rows.
    pub sent: Option<RequestId>,
    /// The scopes that the last complete page said may be read.
    pub may_read: Option<BTreeSet<String>>,
}

/// One phone.
#[derive(Debug)]
pub struct Phone {
    /// This browser.
    pub device: DeviceId,
    /// What it keeps.
    pub store: Store,
    /// Its cookie.
    pub cookie: Option<String>,
    /// How far its clock is off.
    pub skew: Millis,
    /// Its open tabs.
    pub tabs: Vec<Tab>,
    /// The tab that holds the round's lock, or is about to.
    pub lock: Option<u64>,
    /// The tabs that wait for the lock, with the revision they know.
    pub lock_queue: VecDeque<(u64, u64)>,
    /// Who joined on it last.
    pub person: Option<usize>,
    /// The build of its app.
    pub build: u32,
    /// Until when it has no signal.
    pub no_signal_until: Millis,
    /// The most bytes of a request that its network lets through at times.
    pub small_door: usize,
    /// Until when.
    pub small_door_until: Millis,
    /// Whether its store broke: once, for sums are believed once a day.
    pub broke: bool,
    /// Whether sums disagreed, so that its next request asks from the start.
    pub asks_from_start: bool,
    /// Whether it is asking for everything because of that.
    pub is_healing: bool,
    /// The cursor of the last page that came.
    pub last_cursor: Option<String>,
    /// Whether a page of it shows that it is locked.
    pub is_locked: bool,
    /// What such a page still holds of what was typed.
    pub typed: Vec<Typed>,
    /// The PIN of each lock that was made here, as its person remembers it.
    pub pins: BTreeMap<String, String>,
}

impl Phone {
    /// A new phone.
    pub fn new(device: DeviceId) -> Self {
        Self {
            device,
            store: Store::default(),
            cookie: None,
            skew: 0,
            tabs: Vec::new(),
            lock: None,
            lock_queue: VecDeque::new(),
            person: None,
            build: 1,
            no_signal_until: 0,
            small_door: 0,
            small_door_until: 0,
            broke: false,
            asks_from_start: false,
            is_healing: false,
            last_cursor: None,
            is_locked: false,
            typed: Vec::new(),
            pins: BTreeMap::new(),
        }
    }

    /// An open tab.
    pub fn tab(&mut self, number: u64) -> Option<&mut Tab> {
        self.tabs.iter_mut().find(|tab| tab.number == number)
    }

    /// Opens a tab over what is stored, with these keys; not if it is locked for them.
    pub fn open(&mut self, number: u64, seed: u64, mutation: Option<Mutation>, keys: &[String]) {
        let known = self.store.rest.look(keys);
        let Some(saved) = self.read(&known, mutation) else {
            return;
        };
        let setup = Setup {
            device: self.device,
            build: self.build.to_string(),
            seed,
        };
        self.tabs.push(Tab {
            number,
            replica: Replica::restore(saved, setup),
            pending: None,
            asked: BTreeMap::new(),
            wake_at: None,
            shows: known.owner,
            known,
            settling: None,
            typed: None,
            sent: None,
            may_read: None,
        });
    }

    /// What a tab reads of the store; none if that is locked for it.
    pub fn read(&self, known: &Known, mutation: Option<Mutation>) -> Option<Saved> {
        let mut saved = self.store.rest.saved(known)?;
        if mutation == Some(Mutation::PhoneMixesOwners)
            && let Some(meta) = &saved.meta
        {
            for row in &mut saved.outbox {
                row.owner = meta.owner;
            }
        }
        Some(saved)
    }

    /// The return key of a member who joined here.
    pub fn key(&self, member: MemberId) -> Option<String> {
        self.store
            .own_meta
            .get(&super::store::key_of(member))
            .cloned()
    }

    /// Whether another tab than this one is open.
    pub fn has_other_tab(&self, number: u64) -> bool {
        self.tabs.iter().any(|tab| tab.number != number)
    }
}
