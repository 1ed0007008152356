use super::{
    make::{self, Who},
    restore::{Plan, plan},
    schema::{CopiedDraft, Copy, NoCopy, VERSION, Waiting},
};
use crate::{
    domain::{
        check_in::Feeling,
        command::Command,
        id::{CheckInId, CommandId, MemberId, SessionId, SignUpId},
        my_plan::{MyPlan, Part, Person},
        record::CheckIn,
        sign_up::RequestSignUp,
        time::{Millis, rfc3339},
    },
    json::read,
    sync::outbox::Owner,
    ui::local::{Draft, PrivateCheckIn, Rows},
};
use serde_json::{Value, json};
use uuid::Uuid;

const NOW: Millis = 1_795_443_120_007;
const ME: Owner = Owner::Member(MemberId(Uuid::from_u128(1)));
const ANOTHER: Owner = Owner::Member(MemberId(Uuid::from_u128(2)));

/// A phone with by chance what a phone may hold. No word stands in two places.
#[derive(Default)]
pub(crate) struct SomePhone {
    seed: u64,
    next: u128,
    /// Its rows.
    pub(crate) rows: Rows,
    /// Everything that the person wrote.
    pub(crate) words: Vec<String>,
    /// What of that comes back: all but what stood in sign-ups, how to be reached, and staff's words.
    back: Vec<String>,
}

impl SomePhone {
    pub(crate) fn new(seed: u64) -> Self {
        let mut phone = Self {
            seed: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            next: 100,
            ..Self::default()
        };
        for _ in 0..phone.below(4) {
            phone.private(None);
        }
        for _ in 0..phone.below(4) {
            phone.shared();
        }
        for _ in 0..phone.below(3) {
            phone.waits();
        }
        for _ in 0..phone.below(3) {
            phone.sign_up();
        }
        for _ in 0..phone.below(3) {
            phone.in_group();
        }
        for _ in 0..phone.below(3) {
            phone.about_words();
            phone.told();
        }
        for _ in 0..phone.below(3) {
            phone.draft();
        }
        for _ in 0..phone.below(3) {
            phone.refused();
        }
        for _ in 0..phone.below(3) {
            phone.plan();
        }
        phone.shared_plan();
        phone.peers();
        phone.needs();
        phone
    }

    /// Xorshift: enough for a test, and the same every time.
    fn below(&mut self, end: u64) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        self.seed % end
    }

    fn id(&mut self) -> Uuid {
        self.next += 1;
        // As in life, ids are far apart.
        Uuid::from_u128(self.next << 8)
    }

    fn word(&mut self) -> String {
        const ODD: [&str; 5] = [
            "</script>",
            "\"'&",
            "\u{1}\u{2028}",
            "héron 🐦",
            "two\nlines",
        ];
        let odd = ODD[usize::try_from(self.below(5)).unwrap()];
        self.next += 1;
        let word = format!("w{} {odd} w", self.next);
        self.words.push(word.clone());
        word
    }

    fn own_word(&mut self) -> String {
        let word = self.word();
        self.back.push(word.clone());
        word
    }

    fn private(&mut self, shared_as: Option<CheckInId>) {
        let answers = (0..self.below(3)).map(|_| (self.id().to_string(), self.own_word()));
        let answers = answers.collect();
        let own = PrivateCheckIn {
            id: CheckInId(self.id()),
            feeling: Some(Feeling::Hard).filter(|_| self.below(2) == 0),
            note: Some(self.own_word()),
            made_at: NOW - i64::try_from(self.next).unwrap(),
            shared_as,
            answers,
        };
        let key = format!("check_in/{}", own.id);
        self.rows.private.push((key, text(&own)));
    }

    /// How the plan stood once.
    fn plan(&mut self) {
        let mut plan = MyPlan {
            id: self.id(),
            changed_at: NOW - i64::try_from(self.next).unwrap(),
            ..MyPlan::default()
        };
        let [words, heading, name, number] = std::array::from_fn(|_| self.own_word());
        plan.write(Part::WhatHelps, &words, &heading);
        let person = Person {
            id: self.id(),
            name,
            number,
            note: String::new(),
        };
        plan.put_person(person, "Who to contact");
        for line in plan.lines() {
            plan.pick(&line.pick, true);
        }
        let key = format!("plan/{}", plan.id);
        self.rows.private.push((key, text(&plan)));
    }

    /// A plan that was shared, perhaps from another phone.
    fn shared_plan(&mut self) {
        let said = |phone: &mut Self| {
            json!({
                "parts": [{ "part": "what_helps", "heading": phone.word(), "words": phone.word() }],
                "people": [{ "name": phone.word(), "number": "", "note": phone.word() }],
                "people_heading": "Who", "written_at": NOW,
            })
        };
        match self.below(3) {
            0 => {
                let mut record = said(self);
                record["state"] = "seen".into();
                let key = format!("member:{}/plan/{}/9", Uuid::from_u128(1), self.id());
                self.rows.records.push((key, record.to_string()));
            }
            1 => {
                let mut body = said(self);
                body["plan"] = self.id().to_string().into();
                body["team"] = self.id().to_string().into();
                body["consent"] = 1.into();
                self.outbox("plan.share", &body);
            }
            _ => {}
        }
    }

    /// A wish to talk to a peer, and what was written to one; what the other one wrote is not the person's.
    fn peers(&mut self) {
        let mut said = json!({ "about": self.word(), "suits": self.word(), "show_about": true });
        let id = self.id().to_string();
        if self.below(2) == 0 {
            said["ask"] = id.into();
            said["not_with"] = self.word().into();
            self.outbox("peer.ask", &said);
            return;
        }
        said["state"] = "matched".into();
        let of = |kind: &str, id: &str| format!("member:{}/{kind}/{id}/9", Uuid::from_u128(1));
        let key = of("peer_ask", &id);
        self.rows.records.push((key, said.to_string()));
        for theirs in [false, true] {
            let words = if theirs {
                "not mine".to_owned()
            } else {
                self.word()
            };
            let body = json!({ "peer_match": self.id(), "theirs": theirs, "words": words,
                "at": rfc3339(NOW), "state": "shown" });
            let key = of("peer_message", &self.id().to_string());
            self.rows.records.push((key, body.to_string()));
        }
    }

    /// The person's own copy of something shared; what it says.
    fn private_note(&mut self, shared_as: CheckInId) -> Option<String> {
        self.private(Some(shared_as));
        let (_, own) = self.rows.private.last()?;
        read::<PrivateCheckIn>(own)?.note
    }

    fn shared(&mut self) {
        let id = self.id();
        // What is shared is what the person's own copy says, if there is one.
        let note = if self.below(2) == 0 {
            self.private_note(CheckInId(id))
        } else {
            None
        };
        let mut record = CheckIn::mark();
        if self.below(4) > 0 {
            let note = note.unwrap_or_else(|| self.own_word());
            let (from, own) = (self.word(), self.own_word());
            let messages = json!([
                { "id": self.id(), "from": "Priya", "text": from, "at": rfc3339(NOW) },
                { "id": self.id(), "text": own, "at": rfc3339(NOW) },
            ]);
            record = read(
                &json!({
                    "state": "replied", "wants": "message", "note": note,
                    "contact": { "by": "text", "value": self.word() },
                    "messages": messages, "made_at": rfc3339(NOW), "received_at": rfc3339(NOW),
                })
                .to_string(),
            )
            .unwrap();
        }
        let key = format!("member:{}/check_in/{id}/7", Uuid::from_u128(1));
        self.rows.records.push((key, text(&record)));
    }

    fn outbox(&mut self, kind: &str, body: &Value) {
        let id = self.id();
        let wire =
            json!({ "id": id, "seq": 1, "made_at": rfc3339(NOW), "kind": kind, "body": body });
        let row = json!({
            "id": id, "seq": self.next, "owner": { "member": Uuid::from_u128(1) },
            "text": wire.to_string(), "made_at": NOW,
        });
        self.rows.outbox.push((id.to_string(), row.to_string()));
    }

    fn waits(&mut self) {
        match self.below(3) {
            0 => {
                let id = self.id();
                // Sharing keeps the person's own copy of what it says.
                let note = self.private_note(CheckInId(id));
                let body = json!({
                    "check_in": id, "team": self.id(), "note": note, "wants": "call",
                    "contact": { "by": "phone", "value": self.word() }, "consent": 1,
                });
                self.outbox("check_in.share", &body);
            }
            1 => {
                let body = json!({
                    "sign_up": self.id(), "session": self.id(), "note": self.word(),
                    "access_needs": self.word(),
                });
                self.outbox("sign_up.request", &body);
            }
            _ => {
                let body = json!({ "hat": format!("feather{}", self.next) });
                self.words.push(format!("feather{}", self.next));
                self.outbox("hat.borrow", &body);
            }
        }
    }

    fn sign_up(&mut self) {
        let record = json!({
            "session": self.id(), "state": "confirmed", "message": self.word(),
            "access_needs": self.word(), "note": self.word(),
        });
        let id = SignUpId(self.id());
        let key = format!("member:{}/sign_up/{id}/9", Uuid::from_u128(1));
        self.rows.records.push((key, record.to_string()));
    }

    /// What is kept for next time: with Chorus already, or still on its way.
    fn needs(&mut self) {
        let member = Uuid::from_u128(1);
        match self.below(3) {
            0 => {
                let record = json!({ "needs": self.word() });
                let key = format!("member:{member}/needs/{member}/5");
                self.rows.records.push((key, record.to_string()));
            }
            1 => {
                let body = json!({ "member": member, "needs": self.word(), "consent": 1 });
                self.outbox("member.needs", &body);
            }
            _ => {}
        }
    }

    fn in_group(&mut self) {
        let (group, me, other) = (self.id(), self.id(), self.id());
        let since = rfc3339(NOW);
        let record = json!({ "person": me, "agreement": 1, "since": since });
        let key = format!("member:{}/membership/{group}/4", Uuid::from_u128(1));
        self.rows.records.push((key, record.to_string()));
        for by in [me, other] {
            // What others wrote is theirs.
            let words = if by == me {
                self.word()
            } else {
                format!("somebody elses {}", self.next)
            };
            let record = json!({
                "group": group, "person": by, "words": words, "at": since, "state": "shown",
            });
            let key = format!("group:{group}/group_message/{}/5", self.id());
            self.rows.records.push((key, record.to_string()));
        }
        if self.below(2) == 0 {
            let body = json!({ "group": group, "message": self.id(), "words": self.word() });
            self.outbox("group.write", &body);
        }
    }

    /// What was said about our words, answered or still waiting; and a comment, with one of somebody else's.
    fn about_words(&mut self) {
        let (id, document, phrase) = (self.id(), self.id(), self.id());
        let said = json!({
            "suggestion": id, "document": document, "phrase": phrase, "version": 1,
            "was": self.word(), "feels": self.word(), "instead": self.word(), "why": self.word(),
            "shown_as": "none",
        });
        if self.below(2) == 0 {
            self.outbox("suggestion.send", &said);
        } else {
            let mut record = said;
            record["state"] = "decided".into();
            record["decision"] = json!({
                "outcome": "changed", "reason": self.word(), "took_part": self.word(),
                "words": self.word(), "at": rfc3339(NOW),
            });
            let key = format!("member:{}/suggestion/{id}/6", Uuid::from_u128(1));
            self.rows.records.push((key, record.to_string()));
        }
        let comment = self.id();
        let said = json!({ "suggestion": self.id(), "comment": comment, "words": self.word() });
        self.outbox("comment.write", &said);
        let other = json!({
            "suggestion": self.id(), "person": self.id(), "state": "shown", "at": rfc3339(NOW),
            "words": "somebody elses too",
        });
        let key = format!("group:{}/suggestion_comment/{}/7", self.id(), self.id());
        self.rows.records.push((key, other.to_string()));
    }

    /// What was told of an experience, with its story.
    fn told(&mut self) {
        let (id, story) = (self.id(), self.id());
        let mut record = json!({
            "experience": id, "stage": "housing", "good": self.word(), "different": self.word(),
            "when_about": self.word(), "may_use": "public_named", "name": self.word(),
            "may_reply": true, "team": self.id(), "consent": 1,
        });
        if self.below(2) == 0 {
            return self.outbox("experience.send", &record);
        }
        record["state"] = "replied".into();
        record["messages"] =
            json!([{ "id": self.id(), "from": "Priya", "text": self.word(), "at": rfc3339(NOW) }]);
        let key = format!("member:{}/experience/{id}/8", Uuid::from_u128(1));
        self.rows.records.push((key, record.to_string()));
        let record = json!({
            "experience": id, "state": "published", "version": 1, "text": self.word(),
            "name": self.word(), "published_at": rfc3339(NOW),
        });
        let key = format!("member:{}/story/{story}/9", Uuid::from_u128(1));
        self.rows.records.push((key, record.to_string()));
    }

    fn draft(&mut self) {
        let form = match self.below(4) {
            0 => "check_in".to_owned(),
            1 => format!("sign_up/{}", self.id()),
            2 => format!("group_write/{}", self.id()),
            _ => format!("answer/{}", self.id()),
        };
        let fields = json!([["note", self.own_word()], ["consent", "yes"]]).to_string();
        let key = format!("{form}/{}", self.id());
        let changed_at = NOW;
        let draft = Draft {
            form,
            fields,
            changed_at,
        };
        self.rows.drafts.push((key, text(&draft)));
    }

    fn refused(&mut self) {
        let id = self.id();
        let body = json!({ "sign_up": self.id(), "session": self.id(), "note": self.own_word() });
        let wire = json!({
            "id": id, "seq": 1, "made_at": rfc3339(NOW), "kind": "sign_up.request", "body": body,
        });
        let row = json!({
            "id": id, "seq": 1, "owner": { "member": Uuid::from_u128(1) },
            "text": wire.to_string(), "made_at": NOW,
        });
        let message = self.own_word();
        let refused = json!({ "row": row, "code": "full", "message": message, "refused_at": NOW });
        let key = format!("refused/{id}");
        self.rows.drafts.push((key, refused.to_string()));
    }

    pub(crate) fn copy(&self) -> Copy {
        copy_of(&self.rows, ME)
    }
}

fn copy_of(rows: &Rows, owner: Owner) -> Copy {
    let who = Who {
        owner,
        name: Some("Sam".into()),
        team: Some("Harbour team".into()),
    };
    make::copy(rows, who, NOW)
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

fn parse(at: &str) -> Option<Millis> {
    (at == rfc3339(NOW)).then_some(NOW)
}

fn planned(copy: &Copy, rows: &Rows, owner: Owner) -> Plan {
    plan(copy, rows, owner, &parse)
}

/// The rows after a plan was carried out.
fn with(rows: &Rows, plan: &Plan) -> Rows {
    let mut after = rows.clone();
    let all = [
        (&mut after.private, &plan.private),
        (&mut after.drafts, &plan.drafts),
    ];
    for (rows, added) in all {
        for (key, text) in added {
            rows.retain(|(known, _)| known != key);
            rows.push((key.clone(), text.clone()));
        }
    }
    after
}

/// Every text in these rows.
fn words_in(rows: &Rows) -> String {
    fn leaves(value: &Value, all: &mut String) {
        match value {
            // Some rows hold JSON in JSON.
            Value::String(text) => match serde_json::from_str::<Value>(text) {
                Ok(inner @ (Value::Object(_) | Value::Array(_))) => leaves(&inner, all),
                _ => all.push_str(text),
            },
            Value::Array(list) => list.iter().for_each(|one| leaves(one, all)),
            Value::Object(fields) => fields.values().for_each(|one| leaves(one, all)),
            _ => {}
        }
        all.push('\n');
    }
    let mut all = String::new();
    for (_, text) in rows.private.iter().chain(&rows.drafts) {
        leaves(&serde_json::from_str(text).unwrap(), &mut all);
    }
    all
}

fn own(text: &str) -> PrivateCheckIn {
    read(text).unwrap()
}

#[test]
fn an_empty_phone_gets_every_word_back_and_a_second_time_adds_nothing() {
    for seed in 0..300 {
        let phone = SomePhone::new(seed);
        let copy = Copy::parse(&phone.copy().to_json()).unwrap();
        assert_eq!(copy, phone.copy(), "seed {seed}");
        for owner in [ME, ANOTHER, Owner::Local] {
            let first = planned(&copy, &Rows::default(), owner);
            let after = with(&Rows::default(), &first);
            let back = words_in(&after);
            for word in &phone.back {
                assert!(back.contains(word), "seed {seed}: {word:?} in {back}");
            }
            let again = planned(&copy, &after, owner);
            assert!(again.is_empty(), "seed {seed}: {again:?}");
            assert_eq!(again.here, first.private.len() + first.drafts.len());
        }
    }
}

#[test]
fn the_phone_that_it_was_made_on_gets_nothing_twice() {
    for seed in 0..300 {
        let phone = SomePhone::new(seed);
        let nothing = planned(&phone.copy(), &phone.rows, ME);
        assert!(nothing.is_empty(), "seed {seed}: {nothing:?}");
    }
}

#[test]
fn nothing_comes_back_as_shared_with_anybody_under_another_member() {
    for seed in 0..100 {
        let plan = planned(&SomePhone::new(seed).copy(), &Rows::default(), ANOTHER);
        for (key, text) in &plan.private {
            if key.starts_with("check_in/") {
                assert_eq!(own(text).shared_as, None, "seed {seed}");
            }
        }
    }
}

#[test]
fn no_row_of_somebody_else_is_written_over_and_twice_still_adds_nothing() {
    for seed in 0..100 {
        let copy = SomePhone::new(seed).copy();
        let plain = planned(&copy, &Rows::default(), ANOTHER);
        let keys = plain.private.iter().chain(&plain.drafts);
        let rows = Rows {
            of_others: keys.map(|(key, _)| key.clone()).collect(),
            ..Rows::default()
        };
        let beside = planned(&copy, &rows, ANOTHER);
        assert_eq!(beside.private.len(), plain.private.len());
        assert_eq!(beside.drafts.len(), plain.drafts.len());
        for (key, _) in beside.private.iter().chain(&beside.drafts) {
            assert!(!rows.of_others.contains(key), "seed {seed}: {key}");
        }
        assert!(planned(&copy, &with(&rows, &beside), ANOTHER).is_empty());
    }
}

fn check_in(id: u128, shared_as: Option<u128>, answers: &[(u128, &str)]) -> PrivateCheckIn {
    let answers = answers.iter();
    PrivateCheckIn {
        id: CheckInId(Uuid::from_u128(id)),
        feeling: None,
        note: Some("As it was".into()),
        made_at: 5,
        shared_as: shared_as.map(|id| CheckInId(Uuid::from_u128(id))),
        answers: answers
            .map(|(id, words)| (Uuid::from_u128(*id).to_string(), (*words).to_owned()))
            .collect(),
    }
}

fn holding(own: &[PrivateCheckIn]) -> Rows {
    let rows = own
        .iter()
        .map(|own| (format!("check_in/{}", own.id), text(own)));
    Rows {
        private: rows.collect(),
        ..Rows::default()
    }
}

fn record(id: u128, body: &Value) -> (String, String) {
    let key = format!(
        "member:{}/check_in/{}/3",
        Uuid::from_u128(1),
        Uuid::from_u128(id)
    );
    (key, body.to_string())
}

#[test]
fn what_is_here_stays_as_it_is_and_later_answers_are_added_to_it() {
    let copy = copy_of(
        &holding(&[check_in(8, None, &[(21, "one"), (22, "two")])]),
        ME,
    );
    let mut here = check_in(8, None, &[(21, "one")]);
    here.note = Some("As it is".into());
    let plan = planned(&copy, &holding(&[here]), ME);
    let merged = own(&plan.private[0].1);
    assert_eq!(merged.note.as_deref(), Some("As it is"));
    assert_eq!(
        merged.answers,
        check_in(8, None, &[(21, "one"), (22, "two")]).answers
    );
}

#[test]
fn what_chorus_still_has_of_the_person_is_not_doubled_and_what_it_has_not_is_only_theirs() {
    let copy = copy_of(&holding(&[check_in(8, Some(9), &[])]), ME);
    let live = json!({ "state": "sent", "wants": "know", "note": "As it was" });
    let mut rows = Rows::default();
    rows.records.push(record(9, &live));
    assert_eq!(planned(&copy, &rows, ME).here, 1);
    // Taken back, or never there: the person's words come back, for them alone.
    rows.records = vec![record(9, &json!({ "state": "withdrawn", "wants": "know" }))];
    let back = planned(&copy, &rows, ME);
    assert_eq!(own(&back.private[0].1).shared_as, None);
    let back = planned(&copy, &Rows::default(), ANOTHER);
    assert_eq!(own(&back.private[0].1).shared_as, None);
    // Its record may only not have come yet: once it does, the two are one.
    let back = planned(&copy, &Rows::default(), ME);
    assert_eq!(
        own(&back.private[0].1).shared_as,
        Some(CheckInId(Uuid::from_u128(9)))
    );
}

#[test]
fn a_sign_up_that_waited_comes_back_to_be_sent_by_hand_and_only_where_it_is_not() {
    let request = RequestSignUp {
        sign_up: SignUpId(Uuid::from_u128(71)),
        session: SessionId(Uuid::from_u128(72)),
        contact: None,
        access_needs: None,
        access_needs_consent: false,
        travel_first: false,
        note: Some("words that waited".to_owned()),
        agreement: None,
        thanks: None,
    };
    let mut copy = SomePhone::new(0).copy();
    let command = Command::RequestSignUp(request.clone());
    copy.waiting = vec![Waiting {
        id: CommandId(Uuid::from_u128(70)),
        kind: command.kind().to_owned(),
        body: command.body(),
        made_at: NOW,
    }];
    let comes_back = |rows: &Rows| {
        let plan = planned(&copy, rows, Owner::Local);
        plan.drafts
            .iter()
            .any(|(key, text)| key.starts_with("refused/") && text.contains("words that waited"))
    };
    let mut rows = Rows::default();
    assert!(comes_back(&rows), "on a phone that has nothing of it");
    let key = format!(
        "member:{}/sign_up/{}/7",
        Uuid::from_u128(1),
        request.sign_up
    );
    rows.records.push((key, "{}".to_owned()));
    assert!(!comes_back(&rows), "Chorus has it by now");
}

#[test]
fn a_draft_that_comes_back_waits_behind_what_is_being_written() {
    let draft = |id: u128, changed_at| {
        let draft = Draft {
            form: "check_in".into(),
            fields: json!([["note", "Begun"]]).to_string(),
            changed_at,
        };
        (format!("check_in/{}", Uuid::from_u128(id)), text(&draft))
    };
    let rows = |draft| Rows {
        drafts: vec![draft],
        ..Rows::default()
    };
    let copy = copy_of(&rows(draft(7, 500)), ME);
    let plan = planned(&copy, &rows(draft(8, 90)), ME);
    assert_eq!(plan.drafts, [draft(7, 89)]);
}

#[test]
fn whatever_is_no_copy_is_refused() {
    for text in [
        "",
        "null",
        "[]",
        "{}",
        "7",
        "{\"chorus_copy\":\"1\"}",
        "{\"chorus_copy\":0}",
        "<html>",
    ] {
        assert_eq!(Copy::parse(text), Err(NoCopy::Unreadable), "{text}");
    }
    assert_eq!(Copy::parse(&"[".repeat(1_000_000)), Err(NoCopy::Unreadable));
    assert_eq!(Copy::parse("{\"chorus_copy\":2}"), Err(NoCopy::Newer));
    assert_eq!(Copy::parse("{\"chorus_copy\":1}"), Err(NoCopy::Unreadable));
}

#[test]
fn a_copy_with_one_thing_of_another_shape_is_refused_whole() {
    let good: Value = serde_json::from_str(&SomePhone::new(3).copy().to_json()).unwrap();
    assert!(Copy::parse(&good.to_string()).is_ok());
    for field in good
        .as_object()
        .unwrap()
        .keys()
        .filter(|key| *key != "chorus_copy")
    {
        for odd in [json!(7), json!([7]), json!({ "a": 1 })] {
            let mut bad = good.clone();
            bad[field] = odd;
            assert_eq!(
                Copy::parse(&bad.to_string()),
                Err(NoCopy::Unreadable),
                "{field}"
            );
        }
    }
}

#[test]
fn more_things_than_a_person_has_are_refused() {
    let mut copy = SomePhone::new(0).copy();
    let draft = CopiedDraft {
        id: Uuid::from_u128(5),
        form: "check_in".to_owned(),
        fields: json!([]),
        changed_at: NOW,
    };
    copy.drafts = vec![draft; 20_001];
    assert_eq!(Copy::parse(&copy.to_json()), Err(NoCopy::Unreadable));
    copy.drafts.pop();
    assert!(Copy::parse(&copy.to_json()).is_ok());
}

#[test]
fn no_time_that_a_calendar_cannot_say_and_no_form_that_is_none_gets_in() {
    let with = |field: &str, one: Value| {
        let mut copy = json!({ "chorus_copy": VERSION, "made_at": rfc3339(NOW) });
        copy[field] = json!([one]);
        Copy::parse(&copy.to_string())
    };
    let at = |at: Millis| json!({ "id": Uuid::nil(), "made_at": at });
    assert!(with("check_ins", at(NOW)).is_ok());
    for bad in [-1, 253_402_300_800_000, Millis::MAX] {
        assert_eq!(with("check_ins", at(bad)), Err(NoCopy::Unreadable), "{bad}");
    }
    let form = |form: &str| json!({ "id": Uuid::nil(), "form": form, "changed_at": NOW });
    assert!(with("drafts", form("sign_up/0199")).is_ok());
    for bad in [
        "",
        "refused",
        "refused/1",
        "a\u{1}b",
        "A b",
        &"x".repeat(101),
    ] {
        assert_eq!(with("drafts", form(bad)), Err(NoCopy::Unreadable), "{bad}");
    }
}

#[test]
fn of_groups_a_copy_holds_the_persons_own_words_and_nobody_elses() {
    let mut some = 0;
    for seed in 0..100 {
        let copy = SomePhone::new(seed).copy();
        assert!(!copy.to_json().contains("somebody elses"), "seed {seed}");
        some += copy.groups.iter().map(|one| one.wrote.len()).sum::<usize>();
    }
    assert!(some > 50, "{some}");
}

#[test]
fn a_plan_comes_back_beside_the_one_that_is_here_and_shows_nothing_without_the_pin() {
    let mut phone = SomePhone::default();
    phone.plan();
    let copy = copy_of(&phone.rows, ME);
    assert_eq!(copy.plans[0].shown().len(), copy.plans[0].picks.len());
    assert!(copy.plans[0].picks.len() > 1);
    let mut other = SomePhone {
        next: 900,
        ..SomePhone::default()
    };
    other.plan();
    let plan = planned(&copy, &other.rows, ME);
    let [(key, text)] = &plan.private[..] else {
        panic!("one row comes back: {:?}", plan.private);
    };
    let back: MyPlan = read(text).unwrap();
    assert_eq!(*key, format!("plan/{}", back.id));
    assert!(back.picks.is_empty());
    assert_eq!(back.sections, copy.plans[0].sections);
    assert_eq!(make::plans(&with(&other.rows, &plan)).len(), 2);
}
