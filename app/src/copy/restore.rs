//! What a phone adds when a copy is brought back: only what it does not hold, as the person's own.
//! Nothing that comes back is ever sent by itself, and bringing a copy back twice adds nothing twice.

use super::{
    make,
    schema::{CopiedDraft, Copy, GivenBack, Shared, Waiting},
};
use crate::{
    domain::{
        check_in::CheckInState,
        command::Command,
        id::{CheckInId, CommandId},
        my_plan::MyPlan,
        record::kind,
        time::{Millis, rfc3339},
    },
    json::read,
    lang::en::copy as words,
    sync::{
        outbox::{OutboxRow, Owner},
        rows::PLAN,
        store::{RecordKey, Refused},
        wire::WireCommand,
    },
    ui::local::{Draft, PrivateCheckIn, Rows},
};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// What comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Whose phone it was made for.
    pub owner: Owner,
    /// Rows of the person's own, by key.
    pub private: Vec<(String, String)>,
    /// Drafts, by key.
    pub drafts: Vec<(String, String)>,
    /// How many things of the copy the phone holds already.
    pub here: usize,
}

impl Plan {
    /// Whether nothing comes back.
    pub fn is_empty(&self) -> bool {
        self.private.is_empty() && self.drafts.is_empty()
    }
}

/// What `owner`'s phone, which holds `rows`, adds of a copy. `parse` reads an RFC 3339 time.
pub fn plan(
    copy: &Copy,
    rows: &Rows,
    owner: Owner,
    parse: &dyn Fn(&str) -> Option<Millis>,
) -> Plan {
    let mut plan = Plan {
        owner,
        ..Plan::default()
    };
    let phone = Held {
        own: make::own(rows),
        plans: make::plans(rows),
        shared: make::shared(rows, owner),
        // What was shared by somebody else, or under another id, is not with Chorus for this person.
        same_person: copy.member.is_some() && copy.member == owner.member(),
        rows,
    };
    for one in check_ins(copy, parse) {
        match phone.missing(one) {
            Some(own) => plan.private.push((key(own.id), json(&own))),
            None => plan.here += 1,
        }
    }
    for one in &copy.plans {
        match phone.missing_plan(one) {
            Some(own) => plan.private.push((plan_key(own.id), json(&own))),
            None => plan.here += 1,
        }
    }
    let drafts = copy.drafts.iter().map(|one| phone.draft(one));
    let waited = copy.waiting.iter().filter_map(|one| phone.waited(one));
    let given_back = copy.given_back.iter().cloned().chain(waited);
    let given_back = given_back.map(|one| phone.given_back(&one, owner));
    for row in drafts.chain(given_back) {
        match row {
            Some(row) => plan.drafts.push(row),
            None => plan.here += 1,
        }
    }
    plan
}

/// What the phone has.
struct Held<'a> {
    own: Vec<PrivateCheckIn>,
    plans: Vec<MyPlan>,
    shared: Vec<Shared>,
    same_person: bool,
    rows: &'a Rows,
}

impl Held<'_> {
    /// A check-in as it comes back; none if all of it is here.
    fn missing(&self, mut one: PrivateCheckIn) -> Option<PrivateCheckIn> {
        one.id = CheckInId(self.free(one.id.0, key_of));
        let shared_as = one.shared_as.filter(|_| self.same_person);
        let record = (self.shared.iter()).find(|record| Some(record.id) == shared_as);
        let is_back = |record: &&Shared| record.check_in.state == CheckInState::Withdrawn;
        one.shared_as = shared_as.filter(|_| !record.is_some_and(|record| is_back(&record)));
        let known = (self.own.iter()).find(|known| {
            known.id == one.id || (shared_as.is_some() && known.shared_as == shared_as)
        });
        let live = record.filter(|record| !is_back(record));
        if known.is_none() && live.is_none() {
            return Some(one);
        }
        let said = |id: &str| {
            let on_server = live
                .into_iter()
                .flat_map(|record| &record.check_in.messages);
            let mut on_server = on_server.filter(|message| message.text.is_some());
            on_server.any(|message| message.id.to_string() == id)
        };
        let here = known.map_or(&[][..], |known| &known.answers);
        let mut answers = one.answers.clone();
        answers.retain(|(id, _)| !said(id) && !here.iter().any(|(known, _)| known == id));
        if answers.is_empty() {
            return None;
        }
        // What is here stays as it is, and what was said besides is added to it.
        let mut merged = known.cloned().unwrap_or(PrivateCheckIn {
            answers: Vec::new(),
            ..one
        });
        merged.answers.extend(answers);
        Some(merged)
    }

    /// How the plan stood once, as it comes back; none if it is here. What shows without the PIN is chosen anew on
    /// each phone.
    fn missing_plan(&self, one: &MyPlan) -> Option<MyPlan> {
        let id = self.free(one.id, plan_key);
        let is_here = self.plans.iter().any(|known| known.id == id);
        (!is_here).then(|| MyPlan {
            id,
            picks: Vec::new(),
            ..one.clone()
        })
    }

    fn draft(&self, one: &CopiedDraft) -> Option<(String, String)> {
        let key_of = |id: Uuid| [&one.form, "/", &id.to_string()].concat();
        let key = key_of(self.free(one.id, key_of));
        if self.has_draft(&key) {
            return None;
        }
        let fields = match &one.fields {
            Value::String(text) => text.clone(),
            fields => fields.to_string(),
        };
        Some((
            key,
            json(&Draft {
                form: one.form.clone(),
                fields,
                changed_at: self.before_what_is_written(one),
            }),
        ))
    }

    /// What is being written in the same form now is what the form shows: the one that comes back waits
    /// behind it.
    fn before_what_is_written(&self, one: &CopiedDraft) -> Millis {
        let drafts = self.rows.drafts.iter();
        let same = drafts.filter_map(|(_, text)| read::<Draft>(text));
        let same = same.filter(|draft| draft.form == one.form);
        same.fold(one.changed_at, |at, draft| at.min(draft.changed_at - 1))
    }

    fn given_back(&self, one: &GivenBack, owner: Owner) -> Option<(String, String)> {
        let id = CommandId(self.free(one.id.0, |id| ["refused/", &id.to_string()].concat()));
        let wire = WireCommand {
            id,
            seq: 0,
            made_at: rfc3339(one.made_at),
            kind: one.kind.clone(),
            body: one.body.clone(),
        };
        let refused = Refused {
            row: OutboxRow {
                id,
                seq: 0,
                owner,
                text: json(&wire),
                made_at: one.made_at,
                attempted: true,
                deferred: false,
                answered: None,
                settled: None,
            },
            code: one.code.clone(),
            message: one.message.clone(),
            refused_at: one.refused_at,
        };
        let key = refused.key();
        (!self.has_draft(&key)).then(|| (key, json(&refused)))
    }

    /// A sign-up that waited to be sent, or something that this version cannot read, as if it had been given
    /// back: it can be looked at, changed and sent again by hand. Check-ins come back as the person's own,
    /// and what only took something back has no words. None if the phone or the server has it.
    fn waited(&self, one: &Waiting) -> Option<GivenBack> {
        let sign_up = match one.command() {
            Some(Command::RequestSignUp(request)) => Some(request.sign_up.to_string()),
            Some(_) => return None,
            None => None,
        };
        let id = one.id.to_string();
        let waits = |(key, _): &(String, String)| *key == id;
        let arrived = |(key, _): &(String, String)| {
            let found = RecordKey::parse(key);
            found.is_some_and(|found| sign_up.as_deref() == Some(found.id()))
        };
        let is_here = self.rows.outbox.iter().any(waits) || self.rows.records.iter().any(arrived);
        (!is_here).then(|| GivenBack {
            id: one.id,
            kind: one.kind.clone(),
            body: one.body.clone(),
            made_at: one.made_at,
            code: "not_sent".to_owned(),
            message: words::WAITED.get().to_owned(),
            refused_at: one.made_at,
        })
    }

    fn has_draft(&self, key: &str) -> bool {
        self.rows.drafts.iter().any(|(known, _)| known == key)
    }

    /// The id, or the next one whose key is not a row of somebody else's on this phone: theirs is not
    /// to be written over.
    fn free(&self, id: Uuid, key: impl Fn(Uuid) -> String) -> Uuid {
        let mut id = id;
        while self.rows.of_others.contains(&key(id)) {
            id = Uuid::from_u128(id.as_u128().wrapping_add(1));
        }
        id
    }
}

/// All check-ins of a copy as the person's own: what they wrote, wherever it stood.
fn check_ins(copy: &Copy, parse: &dyn Fn(&str) -> Option<Millis>) -> Vec<PrivateCheckIn> {
    let mut all = copy.check_ins.clone();
    let made_at = parse(&copy.made_at).unwrap_or_default();
    for shared in &copy.shared {
        let record = &shared.check_in;
        let id = Some(shared.id);
        let place = match all.iter().position(|one| one.shared_as == id) {
            Some(place) => place,
            // Taken back: there are no words in it.
            None if record.state == CheckInState::Withdrawn => continue,
            None => {
                let at = record.made_at.as_deref().and_then(parse);
                all.push(PrivateCheckIn {
                    id: beside(shared.id),
                    feeling: record.feeling,
                    note: record.note.clone(),
                    made_at: at.filter(|at| *at >= 0).unwrap_or(made_at),
                    shared_as: id,
                    answers: Vec::new(),
                });
                all.len() - 1
            }
        };
        let own = record.messages.iter().filter(|one| one.from.is_none());
        for message in own {
            let answers = &mut all[place].answers;
            let id = message.id.to_string();
            if let Some(words) = &message.text
                && !answers.iter().any(|(known, _)| *known == id)
            {
                answers.push((id, words.clone()));
            }
        }
    }
    all
}

/// The id under which a shared check-in comes back when the person had no copy of their own: always the
/// same, and never the shared one's.
fn beside(shared: CheckInId) -> CheckInId {
    CheckInId(Uuid::from_u128(shared.0.as_u128() ^ 1))
}

fn key(id: CheckInId) -> String {
    key_of(id.0)
}

fn key_of(id: Uuid) -> String {
    [kind::CHECK_IN, "/", &id.to_string()].concat()
}

fn plan_key(id: Uuid) -> String {
    [PLAN, &id.to_string()].concat()
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value)
        .expect("rows are plain structs with string keys, which always serialise")
}
