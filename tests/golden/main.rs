//! Golden files of every shape that crosses the network or stays on a phone: old phones persist.
//!
//! `v1/` is what this version writes: each file must be written again, byte for byte, and read back
//! whole. `older/` is what other versions may send or have kept (fields left out, fields not known):
//! each file must be read. A released file is never changed; a new shape gets a new file, made with
//! `CHORUS_WRITE_GOLDEN=1 cargo test -p tests --test golden`.

#![allow(
    clippy::unwrap_used,
    reason = "all of this is test code, and a panic says which file"
)]

mod experiences;
mod peers;
mod words;

use app::{
    copy::schema::{
        CopiedDraft, CopiedGroup, CopiedPlan, CopiedSignUp, Copy, GivenBack, HowFar, Shared,
        VERSION, Waiting, Wrote,
    },
    domain::{
        attendee::{Attendance, Attendee, Lead},
        care::{By, Message},
        change::{Change, ChangeKind},
        check_in::{AnswerBack, CheckInState, Feeling, ShareCheckIn, Wants, WithdrawAnswer},
        command::Command,
        contact::{Contact, ContactBy},
        device::{Device, DeviceState},
        group::{GroupAct, InGroup, Membership, Message as GroupMessage, MessageState},
        help_line::{HelpLine, LineKind},
        id::{
            ChangeId, CheckInId, CommandId, DeviceId, GroupId, MemberId, OpportunityId, PersonId,
            SessionId, SignUpId, StaffId, TeamId,
        },
        member::{Named, Rename},
        my_plan::{MyPlan, Part, Person},
        needs::{KeepNeeds, Needs},
        opportunity::{
            Agreement, Area, Gives, Mode, More, Opportunity, OpportunityState, Raw, Room, Session,
            SessionState, Thanks,
        },
        pair_code::PairCode,
        pin::{Lock, LockState, Tries},
        places::Standing,
        record::{CheckIn, SignUp},
        shared_plan::{self, CONSENT_VERSION, SharePlan, SharedPlan},
        sign_up::{Agree, RequestSignUp, SignUpState},
        team::Team,
    },
    flat_map::FlatMap,
    sync::{
        outbox::{OutboxRow, Owner},
        store::{Meta, Refused},
        wire::{
            CommandOutcome, ErrorBody, JoinRequest, JoinResponse, LeaveRequest, Outcome, PROTOCOL,
            RawJson, Reason, RecordChange, ReturnRequest, ScopeSum, SyncRequest, SyncResponse,
            WireCommand, member_mark,
        },
    },
    ui::local::PrivateCheckIn,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use std::{fs, path::PathBuf};
use uuid::Uuid;

/// One shape: what this version writes, and how it reads.
struct Shape {
    name: &'static str,
    written: String,
    reads: fn(&str) -> Result<String, serde_json::Error>,
}

fn shape<T: Serialize + DeserializeOwned>(name: &'static str, value: &T) -> Shape {
    Shape {
        name,
        written: serde_json::to_string(value).unwrap(),
        reads: |text| serde_json::to_string(&serde_json::from_str::<T>(text)?),
    }
}

/// A command as it stands on the wire; reading it goes through the domain's own parsing.
fn command(name: &'static str, command: &Command) -> Shape {
    Shape {
        name,
        written: wire(command),
        reads: |text| {
            let read: WireCommand = serde_json::from_str(text)?;
            let command = Command::parse(&read.kind, read.body.clone())
                .map_err(|error| serde::de::Error::custom(error.to_string()))?;
            serde_json::to_string(&WireCommand {
                body: command.body(),
                ..read
            })
        },
    }
}

fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + n)
}

fn wire(command: &Command) -> String {
    let wire = WireCommand {
        id: CommandId(uuid(1)),
        seq: 17,
        made_at: "2026-11-23T09:12:00.000Z".into(),
        kind: command.kind().into(),
        body: command.body(),
    };
    serde_json::to_string(&wire).unwrap()
}

fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.into()).unwrap()
}

fn contact() -> Contact {
    Contact {
        by: ContactBy::Text,
        value: "07700 900123".into(),
        safe_to_leave_message: true,
    }
}

fn asks() -> RequestSignUp {
    RequestSignUp {
        sign_up: SignUpId(uuid(2)),
        session: SessionId(uuid(3)),
        contact: Some(contact()),
        access_needs: Some("A quiet room".into()),
        access_needs_consent: true,
        travel_first: true,
        note: Some("I read letters for a living, once".into()),
        agreement: None,
        thanks: None,
    }
}

fn agrees() -> RequestSignUp {
    RequestSignUp {
        agreement: Some(2),
        thanks: Some(Thanks::Less),
        ..asks()
    }
}

fn shares() -> ShareCheckIn {
    ShareCheckIn {
        check_in: CheckInId(uuid(4)),
        team: TeamId(uuid(5)),
        feeling: Some(Feeling::UpAndDown),
        note: Some("Slept a bit better".into()),
        wants: Wants::Message,
        contact: Some(contact()),
        // The first version: phones that have not updated still send it.
        consent: 1,
    }
}

fn commands() -> Vec<Shape> {
    let sign_up = SignUpId(uuid(2));
    vec![
        command("command.check_in.share", &Command::ShareCheckIn(shares())),
        command(
            "command.device.sign_out",
            &Command::SignOutDevice(DeviceId(uuid(7))),
        ),
        command(
            "command.device.lost",
            &Command::LoseDevice(DeviceId(uuid(7))),
        ),
        command(
            "command.check_in.withdraw",
            &Command::WithdrawCheckIn(CheckInId(uuid(4))),
        ),
        command(
            "command.check_in.answer",
            &Command::AnswerBack(AnswerBack {
                check_in: CheckInId(uuid(4)),
                message: uuid(22),
                words: "It helped. Thank you".into(),
            }),
        ),
        command(
            "command.check_in.withdraw_answer",
            &Command::WithdrawAnswer(WithdrawAnswer {
                check_in: CheckInId(uuid(4)),
                message: uuid(22),
            }),
        ),
        command("command.sign_up.request", &Command::RequestSignUp(asks())),
        command(
            "command.sign_up.request.agrees",
            &Command::RequestSignUp(agrees()),
        ),
        command(
            "command.sign_up.agree",
            &Command::Agree(Agree {
                sign_up,
                version: 3,
            }),
        ),
        command(
            "command.sign_up.withdraw",
            &Command::WithdrawSignUp(sign_up),
        ),
        command(
            "command.sign_up.accept_offer",
            &Command::AcceptOffer(sign_up),
        ),
        command(
            "command.sign_up.decline_offer",
            &Command::DeclineOffer(sign_up),
        ),
        command(
            "command.sign_up.attendance",
            &Command::MarkAttendance(Attendance {
                sign_up,
                came: true,
            }),
        ),
    ]
}

/// What members say of themselves.
fn member_commands() -> Vec<Shape> {
    vec![
        command(
            "command.member.rename",
            &Command::Rename(Rename {
                member: MemberId(uuid(6)),
                name: Some("Kit".into()),
            }),
        ),
        command(
            "command.member.needs",
            &Command::KeepNeeds(KeepNeeds::keep(MemberId(uuid(6)), "A quiet room".into())),
        ),
        command(
            "command.member.needs.deleted",
            &Command::KeepNeeds(KeepNeeds::delete(MemberId(uuid(6)), true)),
        ),
        command("command.member.leave", &Command::Leave(MemberId(uuid(6)))),
    ]
}

/// What members do in groups: one shape for all.
fn group_commands() -> Vec<Shape> {
    let (group, message) = (GroupId(uuid(50)), uuid(52));
    let words = || Some("Hello".to_owned());
    let in_group = |name, it| command(name, &Command::from(it));
    let joins = InGroup {
        agreement: Some(2),
        ..InGroup::new(GroupAct::Join, group)
    };
    let mutes = InGroup {
        person: Some(PersonId(uuid(51))),
        ..InGroup::new(GroupAct::Mute, group)
    };
    let about = |act, words| InGroup::about(act, group, message, words);
    vec![
        in_group("command.group.join", joins),
        in_group("command.group.leave", InGroup::new(GroupAct::Leave, group)),
        in_group("command.group.write", about(GroupAct::Write, words())),
        in_group("command.group.take_back", about(GroupAct::TakeBack, None)),
        in_group("command.group.report", about(GroupAct::Report, words())),
        in_group("command.group.mute", mutes),
    ]
}

/// What those who lead are told.
fn lead_records() -> Vec<Shape> {
    vec![
        shape(
            "record.attendee",
            &Attendee {
                session: asks().session,
                name: Some("Femi".into()),
                state: SignUpState::Confirmed,
                access_needs: Some("A quiet room".into()),
            },
        ),
        shape(
            "record.lead",
            &Lead {
                since: "2026-11-23T14:02:00.000Z".into(),
            },
        ),
    ]
}

/// What changed: one that stands, and one that could not be done and was put right since.
fn change_records() -> Vec<Shape> {
    let stands = Change {
        area: Area::Wording,
        kind: ChangeKind::Done,
        you_said: "The title is heavy".into(),
        we_did: Some("It is lighter".into()),
        why: "It put people off".into(),
        who_took_part: "Six people".into(),
        look_again: None,
        group: Some(GroupId(uuid(50))),
        published_at: "2026-11-23T14:02:00.000Z".into(),
        replaces: Some(ChangeId(uuid(60))),
        replaced_by: None,
    };
    let put_right = Change {
        kind: ChangeKind::NotYet,
        we_did: None,
        look_again: Some("2027-03-01".into()),
        group: None,
        replaces: None,
        replaced_by: Some(ChangeId(uuid(61))),
        ..stands.clone()
    };
    vec![
        shape("record.change", &stands),
        shape("record.change.put_right", &put_right),
    ]
}

fn records() -> Vec<Shape> {
    let when = || Some("2026-11-23T14:02:00.000Z".to_owned());
    let mut sign_up = SignUp::from_request(&asks(), "2026-11-23T09:12:00.000Z");
    sign_up.stand(Standing {
        state: SignUpState::Waiting,
        position: Some(2),
        until: None,
    });
    sign_up.see("Priya", "2026-11-23T15:00:00.000Z");
    sign_up.received_at = when();
    sign_up.message = Some("Lovely to have you".into());
    let mut check_in = CheckIn::from_share(&shares(), "2026-11-23T09:12:00.000Z");
    check_in.see("Priya", "2026-11-23T15:00:00.000Z");
    check_in.received_at = when();
    check_in.state = CheckInState::Replied;
    check_in.taken_on_by = Some("Priya".into());
    check_in.replies = vec!["Thank you for saying so.".into()];
    vec![
        shape("record.sign_up", &sign_up),
        shape("record.sign_up.withdrawn", &SignUp::mark()),
        shape("record.check_in", &check_in),
        shape("record.check_in.withdrawn", &CheckIn::mark()),
        shape("record.opportunity", &opportunity()),
        shape("record.opportunity.more", &with_more()),
        shape("record.session", &session()),
        shape("record.session.moved", &moved()),
        shape("record.sign_up.online", &online()),
        shape("record.help_line", &help_line()),
        shape(
            "record.member",
            &Named {
                name: Some("Kit".into()),
            },
        ),
        shape(
            "record.needs",
            &Needs {
                needs: Some("A quiet room".into()),
            },
        ),
        shape(
            "record.device",
            &Device {
                name: "Phone, Chrome on Android".into(),
                state: DeviceState::Lost,
                added_at: "2026-11-23T14:02:00.000Z".into(),
                first_seen: "2026-11-23".into(),
                last_seen: "2026-11-25".into(),
                added_by: Some("Priya".into()),
                lost_by: Some("Tom".into()),
            },
        ),
        shape(
            "record.team",
            &Team {
                name: "Harbour team".into(),
                hours: "Monday to Friday, 9 to 5".into(),
                next_read_at: Some("Monday 9am".into()),
                phone: Some("01632 960123".into()),
                reads: Vec::new(),
                cover: None,
            },
        ),
        shape("record.team.reads", &team_that_reads()),
        shape("record.check_in.cared_for", &cared_for()),
    ]
}

fn team_that_reads() -> Team {
    Team {
        name: "Harbour team".into(),
        hours: "Monday to Friday, 9am to 5pm".into(),
        next_read_at: None,
        phone: Some("01632 960123".into()),
        reads: vec![(
            "2026-11-23T09:00:00.000Z".into(),
            "2026-11-23T17:00:00.000Z".into(),
        )],
        cover: Some("Lookout team".into()),
    }
}

/// With everything that care adds: words and a call of staff, the person's answer, one that was taken
/// back, and one that waits on the phone.
fn cared_for() -> CheckIn {
    let mut check_in = CheckIn::from_share(&shares(), "2026-11-23T09:12:00.000Z");
    let at = |hour: u32| format!("2026-11-24T{hour}:00:00.000Z");
    let priya = |at| By {
        id: StaffId(uuid(9)),
        name: "Priya",
        at,
    };
    let mut owner = None;
    let times = [at(10), at(11), at(12), at(13), at(14)];
    let [replied, rang, answered, copied, closed] = &times;
    let said = check_in.care(&mut owner).reply(
        priya(replied),
        uuid(20),
        Some("Thank you for saying so.".into()),
    );
    said.unwrap();
    let called = check_in.care(&mut owner).reply(priya(rang), uuid(21), None);
    called.unwrap();
    for n in [22, 23] {
        let answer = check_in.care(&mut owner);
        answer
            .answer_back(uuid(n), "It helped".into(), answered)
            .unwrap();
    }
    check_in
        .care(&mut owner)
        .take_answer_back(uuid(23))
        .unwrap();
    check_in
        .care(&mut owner)
        .copied_to_record(priya(copied))
        .unwrap();
    check_in.care(&mut owner).close(priya(closed), 4).unwrap();
    let waits = Some(CommandId(uuid(1)));
    check_in
        .messages
        .push(Message::own(uuid(24), "One more thing".into(), waits));
    check_in.passed_at = Some("2026-11-23T17:00:00.000Z".into());
    check_in
}

fn opportunity() -> Opportunity {
    let some = |text: &str| Some(text.to_owned());
    Opportunity {
        area: Area::Wording,
        title: "Look at our letters".into(),
        purpose: "Letters that people want to read".into(),
        what_happens: "Read two letters and tell us how they feel to read".into(),
        what_next: "The new letters go out in January".into(),
        commitment: some("One afternoon"),
        support: some("Dee is there before and after"),
        travel: some("Paid first if you like"),
        thank_you: some("£12 voucher. You can say no."),
        access: some("Step-free"),
        contact: some("Dee, 01632 960123"),
        state: OpportunityState::Published,
        more: None,
    }
}

fn session() -> Session {
    Session {
        opportunity: OpportunityId(uuid(6)),
        starts_at: Some("2026-12-01T14:00:00Z".into()),
        local_start: Some("2026-12-01T14:00".into()),
        zone: Some("Europe/London".into()),
        length_min: Some(90),
        breaks: Some("Two breaks".into()),
        mode: Mode::Either,
        place: Some("Harbour House".into()),
        places: Some(8),
        gives: Gives::FirstReceived,
        ballot_at: None,
        room: Room::Few,
        state: SessionState::Scheduled,
        lead: None,
        was: None,
        reason: None,
    }
}

fn with_more() -> Opportunity {
    let some = |text: &str| Some(text.to_owned());
    let more = More {
        training: some("An hour, the week before"),
        agreement: Some(Agreement {
            version: 2,
            text: "What is said here stays here.\n\nThank you.".into(),
        }),
        talk_to: some("Dee"),
        travel_first: true,
        choose_thanks: true,
        benefits: some("It may change your benefits. Advice: 01632 960124"),
        comment_only: false,
        came_of_it: some("The letters changed"),
        reason: None,
        group: None,
    };
    Opportunity {
        state: OpportunityState::ReportedBack,
        more: Raw::of(&more),
        ..opportunity()
    }
}

fn moved() -> Session {
    Session {
        lead: Some("Dee".into()),
        was: Some("2026-11-24T14:00".into()),
        reason: Some("The room was taken".into()),
        ..session()
    }
}

/// Someone with a place online, who agreed to what there was to agree to.
fn online() -> SignUp {
    let mut sign_up = SignUp::from_request(&agrees(), "2026-11-23T09:12:00.000Z");
    sign_up.state = SignUpState::Confirmed;
    sign_up.received_at = Some("2026-11-23T14:02:00.000Z".into());
    sign_up.link = Some("https://meet.example/harbour Code 123".into());
    sign_up
}

fn help_line() -> HelpLine {
    HelpLine {
        label: "Samaritans".into(),
        number: "116 123".into(),
        kind: LineKind::Call,
        hours: "Day and night".into(),
        cost: "Free".into(),
        on_bills: Some("Not on bills".into()),
        area: None,
        nation: None,
        checked_on: Some("2026-11-01".into()),
        order: 10,
    }
}

fn envelopes() -> Vec<Shape> {
    let request = |member, cursor: Option<&str>, commands| SyncRequest {
        protocol: PROTOCOL,
        device: DeviceId(uuid(7)),
        member,
        cursor: cursor.map(str::to_owned),
        commands,
        sealed: false,
    };
    let text = wire(&Command::RequestSignUp(asks()));
    vec![
        shape(
            "sync.request.looks_around",
            &request(None, None, Vec::new()),
        ),
        shape(
            "sync.request.pushes",
            &request(Some(MemberId(uuid(8))), Some("opaque"), vec![raw(&text)]),
        ),
        shape("sync.response.complete", &complete()),
        shape("sync.response.more", &more()),
        shape(
            "sync.response.epoch",
            &SyncResponse {
                epoch: Some("an epoch".into()),
                ..complete()
            },
        ),
        shape("error", &error("sign_in_required", None)),
        shape(
            "error.device_revoked",
            &error("device_revoked", Some(DeviceId(uuid(7)))),
        ),
    ]
}

/// Joining, coming back and leaving.
fn joining() -> Vec<Shape> {
    vec![
        shape(
            "join.request",
            &JoinRequest {
                code: "STAR-DEMO".into(),
                name: Some("Sam".into()),
                device: None,
                was: None,
            },
        ),
        shape(
            "join.request.again",
            &JoinRequest {
                code: "STAR-DEMO".into(),
                name: None,
                device: None,
                was: Some(ReturnRequest {
                    member: MemberId(uuid(8)),
                    return_key: "5e".repeat(32),
                    device: None,
                }),
            },
        ),
        shape(
            "join.response",
            &JoinResponse {
                member: MemberId(uuid(8)),
                return_key: Some("5e".repeat(32)),
                team: Some(TeamId(uuid(5))),
                name: Some("Sam".into()),
            },
        ),
        shape(
            "return.request",
            &ReturnRequest {
                member: MemberId(uuid(8)),
                return_key: "5e".repeat(32),
                device: None,
            },
        ),
        shape(
            "return.request.names_device",
            &ReturnRequest {
                member: MemberId(uuid(8)),
                return_key: "5e".repeat(32),
                device: Some(DeviceId(uuid(7))),
            },
        ),
        shape(
            "leave.request",
            &LeaveRequest {
                of: Some(member_mark(MemberId(uuid(8)))),
            },
        ),
    ]
}

/// What adds another phone of the same person.
fn pairing() -> Vec<Shape> {
    vec![
        shape(
            "join.request.names_device",
            &JoinRequest {
                code: "4821 9035 7716".into(),
                name: None,
                device: Some(DeviceId(uuid(7))),
                was: None,
            },
        ),
        shape(
            "pair.response",
            &PairCode {
                code: "4821 9035 7716".into(),
                ends_at: "2026-11-23T14:12:00.000Z".into(),
                address: "https://chorus.example/join/482190357716".into(),
                qr_size: 37,
                qr_path: "M4 4h7v1h-7z".into(),
            },
        ),
    ]
}

fn error(code: &str, device: Option<DeviceId>) -> ErrorBody {
    ErrorBody {
        code: code.into(),
        message: "Words fit to show.".into(),
        device,
    }
}

fn outcome(outcome: Outcome, reason: Option<Reason>) -> CommandOutcome {
    CommandOutcome {
        id: Some(CommandId(uuid(1))),
        outcome,
        received_at: "2026-11-23T14:02:00.000Z".into(),
        reason,
    }
}

fn complete() -> SyncResponse {
    let change = |id: &str, body: Option<&str>| RecordChange {
        scope: "public".into(),
        kind: "help_line".into(),
        id: id.into(),
        seq: 41,
        deleted: body.is_none(),
        body: body.map(|text| RawJson(raw(text))),
    };
    let mut sum = ScopeSum::default();
    sum.add("help_line", "a", 41);
    SyncResponse {
        protocol: PROTOCOL,
        outcomes: vec![
            outcome(Outcome::Applied, None),
            outcome(
                Outcome::Refused,
                Some(Reason {
                    code: "session_closed".into(),
                    message: "Words fit to show.".into(),
                }),
            ),
            outcome(Outcome::Deferred, None),
        ],
        changes: vec![change("a", Some("{\"later\":true}")), change("b", None)],
        cursor: "opaque".into(),
        more: false,
        sums: Some(FlatMap::from_iter([("public".into(), sum)])),
        server_time: "2026-11-23T14:02:00.000Z".into(),
        epoch: None,
    }
}

fn more() -> SyncResponse {
    SyncResponse {
        outcomes: Vec::new(),
        changes: Vec::new(),
        more: true,
        sums: None,
        ..complete()
    }
}

fn kept_on_phones() -> Vec<Shape> {
    let row = OutboxRow {
        id: CommandId(uuid(1)),
        seq: 17,
        owner: Owner::Member(MemberId(uuid(8))),
        text: wire(&Command::WithdrawSignUp(SignUpId(uuid(2)))),
        made_at: 1_795_425_120_000,
        attempted: true,
        deferred: false,
        answered: Some("2026-11-23T14:02:00.000Z".into()),
        settled: None,
    };
    let refused = Refused {
        row: OutboxRow {
            owner: Owner::Local,
            answered: None,
            ..row.clone()
        },
        code: "session_closed".into(),
        message: "Words fit to show.".into(),
        refused_at: 1_795_425_120_000,
    };
    let meta = Meta {
        revision: 9,
        next_seq: 18,
        owner: Owner::Member(MemberId(uuid(8))),
        cursor: Some("opaque".into()),
        resyncing: false,
        resynced_at: None,
        resynced_by: None,
        last_synced_at: Some(1_795_425_120_000),
        last_sent_at: None,
        epoch: None,
        restored_at: None,
    };
    let settled = OutboxRow {
        settled: Some(1_795_425_120_000),
        ..row.clone()
    };
    let restored = Meta {
        epoch: Some("an epoch".into()),
        restored_at: Some(1_795_425_120_000),
        ..meta.clone()
    };
    vec![
        shape("phone.outbox", &row),
        shape("phone.outbox.settled", &settled),
        shape("phone.meta.restored", &restored),
        shape("phone.refused", &refused),
        shape("phone.meta", &meta),
        shape("phone.own_check_in", &own(Vec::new())),
        shape(
            "phone.own_check_in.answered",
            &own(vec![(uuid(22).to_string(), "It helped".into())]),
        ),
    ]
}

fn locks() -> Vec<Shape> {
    let lock = Lock {
        id: "c29tZSBuYW1l".into(),
        salt: "c2l4dGVlbiBieXRlcyEhIQ==".into(),
        count: 600_000,
        wrapped: "a2V5".into(),
        state: LockState::Sealing,
        turn: 2,
        numbers: true,
        after_min: 5,
    };
    let tries = Tries {
        wrong: 6,
        at: 1_795_425_120_000,
    };
    vec![shape("phone.lock", &lock), shape("phone.tries", &tries)]
}

fn own(answers: Vec<(String, String)>) -> PrivateCheckIn {
    PrivateCheckIn {
        id: CheckInId(uuid(10)),
        feeling: Some(Feeling::UpAndDown),
        note: Some("Slept a bit better".into()),
        made_at: 1_795_425_120_000,
        shared_as: Some(CheckInId(uuid(4))),
        answers,
    }
}

/// The file that people keep: see docs/copy.md.
fn copy() -> Copy {
    let now = 1_795_425_120_000;
    let made_at = "2026-11-23T09:12:00.000Z";
    let mut shared = CheckIn::from_share(&shares(), made_at);
    shared.messages = vec![Message::own(uuid(22), "It helped".into(), None)];
    Copy {
        chorus_copy: VERSION,
        made_at: "2026-11-25T09:12:00.000Z".into(),
        member: Some(MemberId(uuid(6))),
        name: Some("Sam".into()),
        team: Some("Harbour team".into()),
        needs: None,
        check_ins: vec![own(vec![(uuid(22).to_string(), "It helped".into())])],
        shared: vec![Shared {
            id: CheckInId(uuid(4)),
            how_far: HowFar::Sent,
            check_in: shared,
        }],
        sign_ups: vec![CopiedSignUp {
            id: SignUpId(uuid(2)),
            title: Some("Interview panel".into()),
            when: Some("Tuesday 1 December, 2pm to 3.30pm".into()),
            place: Some("In person, Harbour House".into()),
            how_far: HowFar::NotYet,
            sign_up: SignUp::from_request(&asks(), made_at),
        }],
        groups: Vec::new(),
        suggestions: Vec::new(),
        comments: Vec::new(),
        experiences: Vec::new(),
        peer_asks: Vec::new(),
        peer_messages: Vec::new(),
        plans: Vec::new(),
        shared_plans: Vec::new(),
        drafts: vec![CopiedDraft {
            id: uuid(30),
            form: "check_in".into(),
            fields: serde_json::json!([["note", "Half of a thought"]]),
            changed_at: now,
        }],
        given_back: vec![GivenBack {
            id: CommandId(uuid(31)),
            kind: "sign_up.request".into(),
            body: Command::RequestSignUp(asks()).body(),
            made_at: now,
            code: "session_closed".into(),
            message: "That session is closed.".into(),
            refused_at: now,
        }],
        waiting: vec![Waiting {
            id: CommandId(uuid(1)),
            kind: "sign_up.request".into(),
            body: Command::RequestSignUp(asks()).body(),
            made_at: now,
        }],
    }
}

/// The same where something is kept for next time.
fn with_needs() -> Copy {
    Copy {
        needs: Some("A quiet room".into()),
        ..copy()
    }
}

/// A plan as a phone keeps it.
fn own_plan() -> MyPlan {
    let mut plan = MyPlan {
        id: uuid(60),
        from: Some(uuid(61)),
        from_at: Some(1_795_443_100_000),
        changed_at: 1_795_443_120_007,
        ..MyPlan::default()
    };
    plan.write(Part::WhatHelps, "Tea on the back step\n", "What helps me");
    plan.choose_heading(Part::WhatHelps, "What can help", false);
    let person = Person {
        id: uuid(62),
        name: "Odile".into(),
        number: "07700 900123".into(),
        note: "A text first".into(),
    };
    plan.put_person(person, "Who to contact");
    for line in plan.lines() {
        plan.pick(&line.pick, true);
    }
    plan
}

fn share_plan() -> SharePlan {
    SharePlan {
        plan: uuid(63),
        team: TeamId(uuid(3)),
        content: own_plan().content(),
        consent: CONSENT_VERSION,
    }
}

fn plans() -> Vec<Shape> {
    let mut seen = SharedPlan::new(&share_plan(), "2026-11-23T14:12:01.000Z".into());
    seen.see("Priya", "2026-11-23T15:00:00.000Z");
    let mut gone = seen.clone();
    gone.withdraw();
    let copied = CopiedPlan {
        id: uuid(63),
        how_far: HowFar::Sent,
        plan: seen.clone(),
    };
    let with_plans = Copy {
        plans: vec![own_plan()],
        shared_plans: vec![copied],
        ..copy()
    };
    vec![
        command("command.plan.share", &share_plan().into()),
        command("command.plan.withdraw", &shared_plan::withdrawal(uuid(63))),
        shape("record.plan", &seen),
        shape("record.plan.withdrawn", &gone),
        shape("phone.plan", &own_plan()),
        shape("copy.plans", &with_plans),
    ]
}

/// The same of somebody who is in a group.
fn copy_with_groups() -> Copy {
    let wrote = |id, how_far, words: Option<&str>, at: Option<&str>, state| Wrote {
        id: uuid(id),
        how_far,
        message: GroupMessage {
            group: GroupId(uuid(50)),
            person: at.map(|_| PersonId(uuid(51))),
            staff: None,
            words: words.map(str::to_owned),
            at: at.map(str::to_owned),
            state,
            why: None,
            marked: None,
        },
    };
    let at = Some("2026-11-24T09:12:00.000Z");
    Copy {
        groups: vec![CopiedGroup {
            id: GroupId(uuid(50)),
            title: Some("Kinder letters".into()),
            how_far: HowFar::Sent,
            membership: Membership {
                person: Some(PersonId(uuid(51))),
                agreement: 2,
                since: Some("2026-11-23T09:12:00.000Z".into()),
                leads: false,
                paused: None,
                state: None,
            },
            wrote: vec![
                wrote(52, HowFar::Sent, Some("Hello"), at, MessageState::Shown),
                wrote(53, HowFar::Sent, None, at, MessageState::TakenBack),
                wrote(54, HowFar::NotYet, Some("More"), None, MessageState::Shown),
            ],
        }],
        ..copy()
    }
}

fn all() -> Vec<Shape> {
    [
        commands(),
        member_commands(),
        group_commands(),
        records(),
        lead_records(),
        change_records(),
        envelopes(),
        words::shapes(),
        experiences::shapes(),
        peers::shapes(),
        joining(),
        pairing(),
        kept_on_phones(),
        plans(),
        locks(),
        vec![
            shape("copy", &copy()),
            shape("copy.needs", &with_needs()),
            shape("copy.groups", &copy_with_groups()),
            shape("copy.words", &words::in_copy(copy())),
            shape("copy.experiences", &experiences::in_copy(copy())),
            shape("copy.peers", &peers::in_copy(copy())),
        ],
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(name)
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The names of a folder's files without their `.json`, with their text.
fn files(name: &str) -> Vec<(String, String)> {
    let mut files: Vec<_> = fs::read_dir(folder(name))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn this_version_writes_what_was_released() {
    for shape in all() {
        let path = folder("v1").join(format!("{}.json", shape.name));
        if std::env::var_os("CHORUS_WRITE_GOLDEN").is_some() && !path.exists() {
            fs::write(&path, format!("{}\n", shape.written)).unwrap();
        }
        let released =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(shape.written, released.trim_end(), "{}", shape.name);
    }
}

#[test]
fn this_version_reads_what_was_released_and_loses_nothing() {
    let shapes = all();
    for (name, text) in files("v1") {
        let shape = shapes.iter().find(|shape| shape.name == name);
        let shape = shape.unwrap_or_else(|| panic!("{name} was released and is no shape now"));
        let again = (shape.reads)(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(value(&again), value(&text), "{name}");
    }
}

/// `older/SHAPE~why.json`.
#[test]
fn this_version_reads_what_other_versions_send() {
    let shapes = all();
    let older = files("older");
    assert!(!older.is_empty());
    for (name, text) in older {
        let (of, _) = name.split_once('~').expect("SHAPE~why");
        let shape = shapes
            .iter()
            .find(|shape| shape.name == of)
            .expect("a shape");
        (shape.reads)(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
