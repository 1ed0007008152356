//! What people do with their phones, and what befalls the phones.

use super::{
    driver::owner_shown,
    faults::{Fault, Met},
    mutation::Mutation,
    oracle::said_no,
    phone::{Asked, TabRef, Typed},
    store::key_of,
    world::{Event, World},
};
use app::{
    domain::{
        check_in::{AnswerBack, CONSENT_VERSION, Feeling, ShareCheckIn, Wants, WithdrawAnswer},
        command::Command,
        id::{CheckInId, CommandId, DeviceId, SignUpId},
        member::Rename,
        needs::KeepNeeds,
        record::{CheckIn, kind},
        sign_up::{Agree, RequestSignUp},
        text,
    },
    sync::{
        outbox::Owner,
        replica::{Act, Input},
        rows,
        store::{RecordKey, Write},
    },
};
use uuid::Uuid;

type Done = Result<(), String>;

impl World {
    /// A person does one thing on their phone.
    pub fn person_acts(&mut self, phone: usize) -> Done {
        let Some(tab) = self.some_tab(phone) else {
            return self.open_tab(phone);
        };
        match self.chance.below(64) {
            0..=8 => self.ask_for_place(tab),
            9..=12 => self.share(tab),
            13..=15 => self.keep_private(tab),
            16..=20 => self.undo(tab),
            21..=25 => self.withdraw(tab),
            26 | 50 | 51 => self.answer_offer(tab),
            27 => self.write_long(tab, text::LONG + 1),
            28 => self.write_long(tab, app::sync::wire::MAX_REQUEST_BYTES),
            29 | 48 | 49 => self.is_this_yours(tab),
            30..=32 => self.write_a_great_deal(tab),
            33..=37 => self.answer_back(tab),
            38 => self.withdraw_answer(tab),
            39..=41 => self.uses_pin(tab),
            42..=44 => self.types(tab),
            45 => self.declares_lost(tab),
            46 => self.somebody_joins(phone),
            47 if self.chance.one_in(2) => self.delete_shared(tab),
            47 if self.chance.one_in(3) => self.leave_chorus(tab),
            52 => self.renames(tab),
            53 | 54 => self.says_who_came(phone),
            55 => self.says_needs(tab),
            56..=59 => self.does_in_group(tab),
            60..=62 => self.says_about_words(tab),
            _ if !self.chance.one_in(3) => self.leave(tab),
            _ => self.give(tab, Input::Try),
        }
    }

    /// Leaves the phone; half of the time what is not sent stays for when they come back.
    fn leave(&mut self, tab: TabRef) -> Done {
        let keep_unsent = self.chance.one_in(2);
        if keep_unsent {
            // What stays must not stay half sealed: nobody could go on with it.
            self.begins_sealing(tab);
            self.ends_sealing(tab)?;
        }
        self.tally.met.count(if keep_unsent {
            Met::LeftKeeping
        } else {
            Met::LeftErasing
        });
        let Some(owner) = owner_shown(self, tab) else {
            return Ok(());
        };
        self.oracle.leaves(tab.phone, owner);
        let act = Act::Leave {
            owner,
            keep_unsent,
            with: Vec::new(),
        };
        self.act(tab, Asked::Erase, act)
    }

    /// One of the tabs of a phone.
    pub fn some_tab(&mut self, phone: usize) -> Option<TabRef> {
        let numbers: Vec<_> = self.phones[phone]
            .tabs
            .iter()
            .map(|tab| tab.number)
            .collect();
        let tab = *self.chance.pick(&numbers)?;
        Some(TabRef { phone, tab })
    }

    fn act(&mut self, tab: TabRef, asked: Asked, act: Act) -> Done {
        let ticket = self.number();
        self.tell(|| format!("{tab:?} is asked for {act:?}"));
        if let Some(open) = self.phones[tab.phone].tab(tab.tab) {
            open.asked.insert(ticket, asked);
        }
        self.give(tab, Input::Act(ticket, act))
    }

    /// Makes a command; `marked` is what the person wrote in it.
    pub fn make(&mut self, tab: TabRef, command: Command, marked: &str, with: Vec<Write>) -> Done {
        let Some(owner) = owner_shown(self, tab) else {
            return Ok(());
        };
        let id = CommandId(self.chance.id(self.now));
        self.oracle.asked(tab.phone, id, command.clone(), marked);
        let act = Act::Do {
            id,
            owner,
            command: Box::new(command),
            with,
        };
        if !self.calm && self.chance.one_in(30) {
            // Somebody joins, or leaves, in the other tab meanwhile.
            let meanwhile = self.chance.time(0, 400);
            self.later(meanwhile, Event::ChangesHands(tab.phone));
        }
        self.act(tab, Asked::Do(id), act)
    }

    /// Asks for a place with this note; half of the time with what would make it easier, which may be told or
    /// not. What is marked comes with it.
    fn request(&mut self, note: String) -> (Command, String) {
        let access_needs = self.chance.one_in(2).then(|| self.oracle.mark(false));
        let marked = [note.as_str(), access_needs.as_deref().unwrap_or_default()].concat();
        let sessions = self.server.sessions();
        // Half of them want the same place.
        let wanted = if self.chance.one_in(2) {
            0
        } else {
            self.chance.below(sessions.len())
        };
        let session = sessions[wanted].id;
        let request = RequestSignUp {
            sign_up: SignUpId(self.chance.id(self.now)),
            session,
            contact: None,
            access_needs_consent: access_needs.is_some() && !self.chance.one_in(3),
            access_needs,
            travel_first: false,
            note: Some(note),
            agreement: None,
            thanks: None,
        };
        (Command::RequestSignUp(request), marked)
    }

    fn ask_for_place(&mut self, tab: TabRef) -> Done {
        let note = self.oracle.mark(false);
        let (command, marked) = self.request(note);
        self.make(tab, command, &marked, Vec::new())
    }

    /// Many things at once, some of them long: more than one request may carry.
    fn write_a_great_deal(&mut self, tab: TabRef) -> Done {
        let most = if self.chance.one_in(4) { 60 } else { 20 };
        for _ in 0..self.chance.below(most) {
            if self.chance.one_in(4) {
                let letters = self.chance.below(text::LONG - 20);
                self.write_long(tab, letters)?;
            } else {
                self.ask_for_place(tab)?;
            }
        }
        Ok(())
    }

    /// This many letters, which may be too many for the server or for any request.
    fn write_long(&mut self, tab: TabRef, letters: usize) -> Done {
        let note = self.oracle.mark(false);
        let long = format!("{note}{}", "a".repeat(letters));
        let (command, marked) = self.request(long);
        self.make(tab, command, &marked, Vec::new())
    }

    fn share(&mut self, tab: TabRef) -> Done {
        let Some(owner) = owner_shown(self, tab) else {
            return Ok(());
        };
        let note = self.oracle.mark(false);
        let check_in = CheckInId(self.chance.id(self.now));
        let command = Command::ShareCheckIn(ShareCheckIn {
            check_in,
            team: self.server.team(),
            feeling: Some(Feeling::Hard),
            note: Some(note.clone()),
            wants: Wants::Call,
            contact: None,
            consent: CONSENT_VERSION,
        });
        let own = own_copy(owner, &check_in.to_string());
        self.make(tab, command, &note, vec![own])
    }

    /// Only me: a row of the person's own, and nothing else.
    fn keep_private(&mut self, tab: TabRef) -> Done {
        let Some(owner) = owner_shown(self, tab) else {
            return Ok(());
        };
        let text = self.oracle.mark(true);
        let id = self.chance.id(self.now);
        // Some of it is of a plan.
        let kind = if id.as_u128().is_multiple_of(3) {
            kind::PLAN
        } else {
            kind::CHECK_IN
        };
        let key = format!("{kind}/{id}");
        let write = Write::PutPrivate { owner, key, text };
        self.writes(tab, |store, known| store.write_one(&write, known))?;
        Ok(())
    }

    /// Types something that is neither kept nor sent: it is written when typing rests.
    fn types(&mut self, tab: TabRef) -> Done {
        let Some(owner) = owner_shown(self, tab) else {
            return Ok(());
        };
        let text = self.oracle.mark(true);
        let key = format!("check_in/{}", self.chance.id(self.now));
        if let Some(open) = self.phones[tab.phone].tab(tab.tab) {
            open.typed = Some(Typed { owner, key, text });
        }
        let rest = self.chance.time(300, 3_000);
        self.later(rest, Event::Rests(tab));
        if self.chance.one_in(6) {
            let meanwhile = self.chance.time(0, 3_000);
            self.later(meanwhile, Event::ChangesHands(tab.phone));
        }
        if self.has_pin(tab.phone) && self.chance.one_in(2) {
            self.later(rest / 2, Event::Locks(tab.phone));
        }
        Ok(())
    }

    /// Typing rests: what was typed is written.
    pub fn keep_typed(&mut self, tab: TabRef) -> Done {
        let open = self.phones[tab.phone].tab(tab.tab);
        let Some(typed) = open.and_then(|open| open.typed.take()) else {
            return Ok(());
        };
        self.writes(tab, |store, known| store.write_draft(&typed, known))?;
        Ok(())
    }

    /// "Is this yours?" is asked where something was written before joining, until it was answered.
    fn is_this_yours(&mut self, tab: TabRef) -> Done {
        let Some(owner) = owner_shown(self, tab) else {
            return Ok(());
        };
        let store = &self.phones[tab.phone].store;
        let waits = store.rows().any(|row| row.owner == Owner::Local);
        let own = store.private.values().chain(store.drafts.values());
        let local = waits || own.map(|(owner, _)| owner).any(|it| *it == Owner::Local);
        let said_no = said_no(store, owner);
        if !self.calm && self.chance.one_in(2) {
            // The other tab asks the same thing, and may be answered otherwise.
            let again = self.chance.time(1, 400);
            self.later(again, Event::AsksWhose(tab.phone));
        }
        let goes_on = said_no && self.is(Mutation::PhoneAdoptsAfterNo);
        let Some(member) = owner.member() else {
            return Ok(());
        };
        if !local || (said_no && !goes_on) {
            return Ok(());
        }
        if goes_on || self.chance.one_in(2) {
            self.tally.met.count(Met::SaidMine);
            self.oracle.said_mine(tab.phone, member);
            return self.act(tab, Asked::Other, Act::Adopt(member));
        }
        self.tally.met.count(Met::SaidNotMine);
        let write = Write::PutMeta {
            key: rows::about(rows::NOT_MINE, owner),
            text: String::new(),
        };
        self.writes(tab, |store, known| store.write_one(&write, known))?;
        Ok(())
    }

    /// A member says that another one of their phones is lost.
    fn declares_lost(&mut self, tab: TabRef) -> Done {
        let member = owner_shown(self, tab).and_then(Owner::member);
        let own = self.phones[tab.phone].device;
        let others = self.devices.iter().filter(|(whose, device)| {
            Some(*whose) == member && *device != own && self.is_a_phone(*device)
        });
        let others: Vec<_> = others.map(|(_, device)| *device).collect();
        let Some(lost) = self.chance.pick(&others).copied() else {
            return Ok(());
        };
        self.tally.faults.count(Fault::LostByAnother);
        if let Some(phone) = self.phones.iter().position(|it| it.device == lost) {
            self.goes_away(phone);
        }
        self.make(tab, Command::LoseDevice(lost), "", Vec::new())
    }

    fn is_a_phone(&self, device: DeviceId) -> bool {
        self.phones.iter().any(|phone| phone.device == device)
    }

    /// A lost phone cannot always be reached, and its session may end meanwhile.
    fn goes_away(&mut self, phone: usize) {
        if self.chance.one_in(3) {
            self.tally.faults.count(Fault::LostAndAway);
            let minutes = self.chance.time(2, 10);
            self.phones[phone].no_signal_until = self.now + minutes * 60_000;
        }
        if self.chance.one_in(2) {
            self.phones[phone].cookie = None;
        }
    }

    /// A tab of the phone asks whose what was written before joining is.
    pub fn asks_whose(&mut self, phone: usize) -> Done {
        match self.some_tab(phone) {
            Some(tab) => self.is_this_yours(tab),
            None => Ok(()),
        }
    }

    /// A phone gets another owner while something is being written.
    pub fn changes_hands(&mut self, phone: usize) -> Done {
        match self.some_tab(phone) {
            Some(tab) if self.chance.one_in(3) => self.leave(tab),
            Some(_) => self.somebody_joins(phone),
            None => Ok(()),
        }
    }

    /// Somebody joins on a phone that lies about, whoever has it.
    fn somebody_joins(&mut self, phone: usize) -> Done {
        let person = self.chance.below(self.people.len());
        self.join(phone, person)
    }

    /// Only a phone that was asked to may erase itself, or one whose person has left Chorus.
    ///
    /// # Errors
    /// Nobody asked.
    pub fn may_be_erased(&mut self, phone: usize) -> Done {
        let owner = self.phones[phone].store.meta().owner.member();
        let device = self.phones[phone].device;
        self.tally.met.count(Met::Cleared);
        match owner {
            Some(member) if self.ever_lost.contains(&(member, device)) => Ok(()),
            Some(member) if self.oracle.has_left(member) => Ok(()),
            owner => Err(format!(
                "phone {phone} of {owner:?} was erased and nobody asked for it"
            )),
        }
    }

    /// "Don't send" on something that waits.
    fn undo(&mut self, tab: TabRef) -> Done {
        let Some(owner) = owner_shown(self, tab) else {
            return Ok(());
        };
        let rows = self.phones[tab.phone].store.outbox();
        let rows: Vec<_> = rows.into_iter().filter(|row| row.owner == owner).collect();
        let Some(row) = self.chance.pick(&rows).cloned() else {
            return Ok(());
        };
        let undone = row.command();
        let (undoing, with) = match undone {
            Some(Command::ShareCheckIn(share)) => (
                Some(Command::WithdrawCheckIn(share.check_in)),
                vec![own_copy(owner, &share.check_in.to_string())],
            ),
            Some(Command::RequestSignUp(request)) => {
                (Some(Command::WithdrawSignUp(request.sign_up)), Vec::new())
            }
            Some(Command::AnswerBack(answer)) => {
                let gone = WithdrawAnswer {
                    check_in: answer.check_in,
                    message: answer.message,
                };
                (Some(Command::WithdrawAnswer(gone)), Vec::new())
            }
            Some(Command::Plain(it)) => (it.undoing().map(Command::Plain), Vec::new()),
            _ => (None, Vec::new()),
        };
        let withdrawal = CommandId(self.chance.id(self.now));
        if let Some(undoing) = undoing {
            self.oracle.asked(tab.phone, withdrawal, undoing, "");
        }
        let act = Act::Undo {
            command: row.id,
            withdrawal,
            with,
        };
        self.act(tab, Asked::Other, act)
    }

    /// Leaves Chorus for good, unless that waits already.
    fn leave_chorus(&mut self, tab: TabRef) -> Done {
        let Some(Owner::Member(member)) = owner_shown(self, tab) else {
            return Ok(());
        };
        let rows = self.phones[tab.phone].store.outbox();
        let waits =
            |row: &app::sync::outbox::OutboxRow| row.command() == Some(Command::Leave(member));
        if rows.iter().any(waits) {
            return Ok(());
        }
        self.make(tab, Command::Leave(member), "", Vec::new())
    }

    /// Wants to be called something else, or nothing.
    fn renames(&mut self, tab: TabRef) -> Done {
        let Some(Owner::Member(member)) = owner_shown(self, tab) else {
            return Ok(());
        };
        self.tally.met.count(Met::Renamed);
        let name = (!self.chance.one_in(4)).then(|| self.oracle.mark(false));
        let marked = name.clone().unwrap_or_default();
        let command = Command::Rename(Rename { member, name });
        self.make(tab, command, &marked, Vec::new())
    }

    /// Keeps what would make it easier for next time, or deletes it.
    fn says_needs(&mut self, tab: TabRef) -> Done {
        let Some(Owner::Member(member)) = owner_shown(self, tab) else {
            return Ok(());
        };
        if self.chance.one_in(3) {
            self.tally.met.count(Met::NeedsDeleted);
            let command = Command::KeepNeeds(KeepNeeds::delete(member, false));
            return self.make(tab, command, "", Vec::new());
        }
        self.tally.met.count(Met::NeedsKept);
        let words = self.oracle.mark(false);
        let command = Command::KeepNeeds(KeepNeeds::keep(member, words.clone()));
        self.make(tab, command, &words, Vec::new())
    }

    /// "Delete what I shared": everything at once, in one transaction.
    fn delete_shared(&mut self, tab: TabRef) -> Done {
        let Some(owner) = owner_shown(self, tab) else {
            return Ok(());
        };
        let (mut commands, mut with) = (Vec::new(), Vec::new());
        for (kind, id) in self.things(tab, owner) {
            let Ok(uuid) = id.parse() else { continue };
            let command = match kind.as_str() {
                "sign_up" => Command::WithdrawSignUp(SignUpId(uuid)),
                "check_in" => Command::WithdrawCheckIn(CheckInId(uuid)),
                other => match self.taking_back(tab, other, uuid) {
                    Some(command) => command,
                    None => continue,
                },
            };
            if kind == "check_in" {
                with.push(own_copy(owner, &id));
            }
            let id = CommandId(self.chance.id(self.now));
            self.oracle.asked(tab.phone, id, command.clone(), "");
            commands.push((id, command));
        }
        let act = Act::DoAll {
            owner,
            commands,
            with,
        };
        self.act(tab, Asked::Other, act)
    }

    /// Takes something back that the screen shows: a record, or something that waits.
    fn withdraw(&mut self, tab: TabRef) -> Done {
        let Some(owner) = owner_shown(self, tab) else {
            return Ok(());
        };
        let things = self.things(tab, owner);
        let Some((kind, id)) = self.chance.pick(&things).cloned() else {
            return Ok(());
        };
        let Ok(uuid) = id.parse() else {
            return Ok(());
        };
        match kind.as_str() {
            "sign_up" => {
                let command = Command::WithdrawSignUp(SignUpId(uuid));
                self.make(tab, command, "", Vec::new())
            }
            "check_in" => {
                let command = Command::WithdrawCheckIn(CheckInId(uuid));
                self.make(tab, command, "", vec![own_copy(owner, &id)])
            }
            other => match self.taking_back(tab, other, uuid) {
                Some(command) => self.make(tab, command, "", Vec::new()),
                None => Ok(()),
            },
        }
    }

    /// What the screen shows of the person's: records, and things that wait.
    fn things(&self, tab: TabRef, owner: Owner) -> Vec<(String, String)> {
        let mut things = Vec::new();
        for key in self.phones[tab.phone].store.records.keys() {
            if let Some(key) = RecordKey::parse(key)
                && key.scope != "public"
            {
                things.push((key.kind().to_owned(), key.id().to_owned()));
            }
        }
        for row in self.phones[tab.phone].store.outbox() {
            if row.owner == owner
                && let Some(command) = row.command()
            {
                let (kind, id) = command.subject();
                things.push((kind.to_owned(), id.to_string()));
            }
        }
        things
    }

    /// Answers back about a check-in that the phone has from the server, whatever became of it meanwhile.
    fn answer_back(&mut self, tab: TabRef) -> Done {
        let Some(check_in) = self.some_check_in(tab) else {
            return Ok(());
        };
        let words = self.oracle.mark(false);
        let command = Command::AnswerBack(AnswerBack {
            check_in,
            message: self.chance.id(self.now),
            words: words.clone(),
        });
        self.make(tab, command, &words, Vec::new())
    }

    /// Takes back an answer that the phone shows as sent.
    fn withdraw_answer(&mut self, tab: TabRef) -> Done {
        let Some(check_in) = self.some_check_in(tab) else {
            return Ok(());
        };
        let records = &self.phones[tab.phone].store.records;
        let id = check_in.to_string();
        let is_it = |key: &str| RecordKey::parse(key).is_some_and(|key| key.id() == id);
        let body = records.iter().find(|(key, _)| is_it(key));
        let record = body.and_then(|(_, body)| serde_json::from_str::<CheckIn>(body).ok());
        let said = record.map(|record| record.messages).unwrap_or_default();
        let own = said
            .iter()
            .find(|one| one.from.is_none() && one.text.is_some());
        let Some(message) = own.map(|one| one.id) else {
            return Ok(());
        };
        let gone = WithdrawAnswer { check_in, message };
        self.make(tab, Command::WithdrawAnswer(gone), "", Vec::new())
    }

    fn some_check_in(&mut self, tab: TabRef) -> Option<CheckInId> {
        let keys = self.phones[tab.phone].store.records.keys();
        let keys = keys.filter_map(|key| RecordKey::parse(key));
        let ids: Vec<_> = keys
            .filter(|key| key.kind() == kind::CHECK_IN)
            .filter_map(|key| key.id().parse().ok())
            .collect();
        self.chance.pick(&ids).copied().map(CheckInId)
    }

    /// Agrees to what there is to agree to, about a sign-up that the phone has from the server.
    fn agree(&mut self, tab: TabRef) -> Done {
        let keys = self.phones[tab.phone].store.records.keys();
        let keys = keys.filter_map(|key| RecordKey::parse(key));
        let ids: Vec<Uuid> = keys
            .filter(|key| key.kind() == kind::SIGN_UP)
            .filter_map(|key| key.id().parse().ok())
            .collect();
        let Some(id) = self.chance.pick(&ids).copied() else {
            return Ok(());
        };
        let agree = Agree {
            sign_up: SignUpId(id),
            version: 1 + u32::from(self.chance.one_in(2)),
        };
        self.make(tab, Command::Agree(agree), "", Vec::new())
    }

    fn answer_offer(&mut self, tab: TabRef) -> Done {
        if self.chance.one_in(4) {
            return self.agree(tab);
        }
        let records = self.phones[tab.phone].store.records.iter();
        let offered: Vec<_> = records
            .filter_map(|(key, body)| Some((RecordKey::parse(key)?, body)))
            .filter(|(key, _)| key.kind() == kind::SIGN_UP)
            .filter(|(_, body)| body.contains("\"state\":\"offered\""))
            .filter_map(|(key, _)| key.id().parse().ok())
            .collect();
        let unknown = self.chance.id(self.now);
        let id = SignUpId(self.chance.pick(&offered).copied().unwrap_or(unknown));
        let yes = self.chance.below(3) > 0;
        let answer = if yes {
            Command::AcceptOffer(id)
        } else {
            Command::DeclineOffer(id)
        };
        self.make(tab, answer, "", Vec::new())
    }

    /// Someone joins on a phone, or comes back to it: the cookie first, then the replica.
    pub fn join(&mut self, phone: usize, person: usize) -> Done {
        if self.phones[phone].is_locked && self.phones[phone].tabs.is_empty() {
            // Nobody joins past a lock: it is opened first, or begun anew.
            self.later(4_000, Event::Joins(phone, person));
            return Ok(());
        }
        let who = self.people[person].clone();
        if self.oracle.has_left(who.member) {
            return self.stays_whose_it_is(phone);
        }
        self.notes_joining(phone, person);
        self.joined_since.insert(phone);
        let answer = self.come_back(who.member, &who.key, None)?;
        if !answer.is_ok() {
            return Err(format!("coming back answered {}", answer.status));
        }
        let key = self.own_key(answer.set_cookie.clone())?;
        self.phones[phone].cookie = answer.set_cookie;
        self.phones[phone].person = Some(person);
        if self.phones[phone].tabs.is_empty() {
            self.open_tab(phone)?;
        }
        let Some(tab) = self.some_tab(phone) else {
            return Ok(());
        };
        let with = vec![Write::PutMeta {
            key: key_of(who.member),
            text: key,
        }];
        let member = who.member;
        if !self.calm && self.chance.one_in(2) {
            let asks = self.chance.time(1_000, 60_000);
            self.later(asks, Event::AsksWhose(phone));
        }
        self.act(tab, Asked::Become(person), Act::Become { member, with })
    }

    /// Somebody who was about to have this phone has left Chorus meanwhile. If it is their own, and a restored
    /// server does not know its key any more, nobody can tell it so.
    fn stays_whose_it_is(&mut self, phone: usize) -> Done {
        let it = &self.phones[phone];
        let (owner, device) = (it.store.meta().owner.member(), it.device);
        let mut people = self.people.iter();
        let person = people.position(|person| Some(person.member) == owner);
        self.phones[phone].person = person;
        let left = owner.filter(|member| self.oracle.has_left(*member));
        let key = left.and_then(|member| Some((member, self.phones[phone].key(member)?)));
        if let Some((member, key)) = key
            && self.calm
            && self.come_back(member, &key, Some(device))?.status == 401
        {
            self.cut_off.insert(phone);
        }
        Ok(())
    }

    fn notes_joining(&mut self, phone: usize, person: usize) {
        let next = Owner::Member(self.people[person].member);
        let store = &self.phones[phone].store;
        let owner = store.meta().owner;
        let waits = |whose: Owner| {
            let mut rows = store.rows();
            rows.any(|row| row.owner == whose && row.answered.is_none())
        };
        if owner != next && owner != Owner::Local && waits(owner) {
            self.tally.met.count(Met::JoinedOverUnsent);
        }
        if owner != next && waits(next) {
            self.tally.met.count(Met::CameBackToUnsent);
        }
    }

    /// Something goes wrong with a phone or the server.
    pub fn chaos(&mut self) -> Done {
        let phone = self.chance.below(self.phones.len());
        match self.chance.below(33) {
            0..=6 => self.crash_tab(phone)?,
            7 => self.evict(phone)?,
            8 | 9 => {
                self.tally.faults.count(Fault::ClockJump);
                self.phones[phone].skew = self.chance.time(-200_000_000, 200_000_000);
            }
            10 | 11 => {
                self.tally.faults.count(Fault::SessionLost);
                self.phones[phone].cookie = None;
            }
            12 => {
                self.tally.faults.count(Fault::OtherCookie);
                let other = self.chance.below(self.phones.len());
                self.phones[phone].cookie = self.phones[other].cookie.clone();
            }
            13 | 14 => {
                self.tally.faults.count(Fault::ServerCrash);
                self.server.crash();
            }
            15 if self.chance.one_in(3) => self.revoke(phone, true),
            31 | 32 => {
                self.locks(phone)?;
                // Often a phone that was put away is one that was left somewhere.
                if self.phones[phone].is_locked && self.chance.one_in(2) {
                    self.revoke(phone, false);
                    let looks = self.chance.time(50, 2_000);
                    self.later(looks, Event::PersonActs(phone));
                }
            }
            16 => self.open_tab(phone)?,
            17 => {
                if let Some(tab) = self.some_tab(phone) {
                    self.give(tab, Input::Hidden)?;
                }
            }
            18 => self.phones[phone].build += 1,
            19..=22 => {
                self.tally.faults.count(Fault::NoSignal);
                let minutes = self.chance.time(1, 8);
                self.phones[phone].no_signal_until = self.now + minutes * 60_000;
            }
            23..=26 => self.narrow(phone)?,
            27..=29 => self.break_store(phone)?,
            _ => {
                if let Some(tab) = self.some_tab(phone) {
                    self.give(tab, Input::Visible)?;
                }
            }
        }
        Ok(())
    }

    /// The phone's network lets only small requests through, often when there is much to send.
    fn narrow(&mut self, phone: usize) -> Done {
        self.tally.faults.count(Fault::SmallDoor);
        let minutes = self.chance.time(2, 12);
        self.phones[phone].small_door = 1_000 << self.chance.below(5);
        self.phones[phone].small_door_until = self.now + minutes * 60_000;
        match self.some_tab(phone) {
            Some(tab) if self.chance.one_in(2) => self.write_a_great_deal(tab),
            _ => Ok(()),
        }
    }

    /// Someone asks for this phone to be erased; sometimes when its session has ended already.
    fn revoke(&mut self, phone: usize, is_away: bool) {
        let it = &self.phones[phone];
        let Some(person) = it.person else {
            return;
        };
        let device = (self.people[person].member, it.device);
        if !self.devices.contains(&device) {
            return;
        }
        if is_away {
            self.goes_away(phone);
        }
        self.tally.faults.count(Fault::Revoked);
        self.ever_lost.insert(device);
        self.server.revoke(device.0, device.1);
        self.revoked.insert(device);
    }

    /// The browser starts again, and a record is lost or old. Nothing says so but the sums.
    fn break_store(&mut self, phone: usize) -> Done {
        if self.phones[phone].broke {
            return Ok(());
        }
        while let Some(number) = self.phones[phone].tabs.first().map(|tab| tab.number) {
            self.kill(phone, number, false)?;
        }
        let store = &mut self.phones[phone].store;
        let changed = store.changed_records();
        let all: Vec<_> = store.records.keys().cloned().collect();
        if let Some(key) = self.chance.pick(&changed)
            && self.chance.one_in(2)
        {
            store.go_back(key);
            self.tally.faults.count(Fault::RecordOld);
            self.phones[phone].broke = true;
        } else if let Some(key) = self.chance.pick(&all) {
            let key = key.clone();
            store.lose(&key);
            self.tally.faults.count(Fault::RecordLost);
            self.phones[phone].broke = true;
        }
        self.open_tab(phone)
    }

    /// A phone has cleared itself: its page is loaded anew, as another browser that nobody has joined on.
    pub fn is_cleared(&mut self, phone: usize) -> Done {
        while let Some(number) = self.phones[phone].tabs.first().map(|tab| tab.number) {
            self.kill(phone, number, false)?;
        }
        self.phones[phone].device = DeviceId(self.chance.id(self.now));
        self.phones[phone].person = None;
        self.phones[phone].is_locked = false;
        self.phones[phone].store.is_new_device();
        self.open_tab(phone)
    }

    fn crash_tab(&mut self, phone: usize) -> Done {
        // Most of all while a write is under way.
        let tabs = &self.phones[phone].tabs;
        let busy = tabs.iter().find(|tab| tab.pending.is_some());
        let number = busy.or(tabs.first()).map(|tab| tab.number);
        if let Some(number) = number {
            self.kill(phone, number, true)?;
        }
        if self.phones[phone].tabs.is_empty() {
            self.phones[phone].typed.clear();
            self.open_tab(phone)?;
        }
        Ok(())
    }

    fn evict(&mut self, phone: usize) -> Done {
        self.tally.faults.count(Fault::Evicted);
        while let Some(number) = self.phones[phone].tabs.first().map(|tab| tab.number) {
            self.kill(phone, number, false)?;
        }
        self.oracle.evicted(phone);
        let person = self.phones[phone].person;
        let device = DeviceId(self.chance.id(self.now));
        self.phones[phone] = super::phone::Phone::new(device);
        self.phones[phone].person = person;
        self.open_tab(phone)
    }
}

fn own_copy(owner: Owner, id: &str) -> Write {
    Write::PutPrivate {
        owner,
        key: format!("check_in/{id}"),
        text: "the person's own copy".into(),
    }
}
