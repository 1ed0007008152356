//! The real server of a run: the whole router on a fresh SQLite file, spoken to by `oneshot`. A crash
//! ends its runtime, with whatever was under way, and opens the same file again.

use super::{
    chance::Chance,
    server::{
        self as facts, Answer, Call, DOCUMENT, GROUP, HELP_LINE, PAGE, Server, SessionFacts,
        VERSIONS,
    },
};
use anyhow::Context;
use app::{
    domain::{
        command::Command,
        group::{Belongs, Group, GroupState},
        id::{
            CheckInId, DeviceId, MemberId, OpportunityId, SignUpId, StaffId, SuggestionId, TeamId,
        },
        opportunity::{
            Agreement, Area, Gives, Mode, Opportunity, OpportunityState, Room, Session,
            SessionState,
        },
        record::kind,
        team::Team,
        time::{DAY_MS, Millis, rfc3339},
    },
    sync::wire::{SyncRequest, WireCommand},
    ui::lines::built_in,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use server::{
    backup, clock,
    commands::{
        care::CareAction,
        staff::StaffAction,
        words_desk::{OnSuggestion, WordsAction},
    },
    config::Config,
    db::{
        self,
        groups::people,
        help_lines::{self, Kept},
        staff::{NewStaff, Role},
        words::{Details, DocumentRow},
    },
    error::Error,
    publish,
    state::App,
    verify,
};
use sqlx::AnyConnection;
use std::collections::BTreeSet;
use tokio::runtime::Runtime;
use tower::ServiceExt;
use uuid::Uuid;

/// The real server.
pub struct Real {
    folder: tempfile::TempDir,
    running: Option<Running>,
    sessions: Vec<SessionFacts>,
    /// Sign-ups that were asked for: what staff may find on their desk.
    asked: Vec<SignUpId>,
    /// Check-ins that were shared.
    shared: Vec<CheckInId>,
    /// What was said about words.
    said: Vec<SuggestionId>,
}

struct Running {
    runtime: Runtime,
    app: App,
    router: Router,
}

const TEAM: TeamId = TeamId(Uuid::from_u128(0x7ea0));
const STAFF: StaffId = StaffId(Uuid::from_u128(0x57af));

impl Real {
    /// A fresh server with the same five sessions, team and codes as the model.
    ///
    /// # Errors
    /// What the database or the folder says.
    pub fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let running = Running::start(&folder)?;
        let sessions = facts::sessions();
        let facts = sessions.clone();
        let seeded = running
            .app
            .writer
            .run(move |tx| Box::pin(async move { seed(tx, &facts).await }));
        running.runtime.block_on(seeded)?;
        Ok(Self {
            folder,
            running: Some(running),
            sessions,
            asked: Vec::new(),
            shared: Vec::new(),
            said: Vec::new(),
        })
    }

    fn running(&self) -> &Running {
        self.running
            .as_ref()
            .expect("it runs but for the moment of a crash")
    }

    fn note_asked(&mut self, body: &[u8]) {
        let Ok(request) = serde_json::from_slice::<SyncRequest>(body) else {
            return;
        };
        for text in &request.commands {
            let wire = serde_json::from_str::<WireCommand>(text.get());
            let Ok(wire) = wire else { continue };
            match Command::parse(&wire.kind, wire.body) {
                Ok(Command::RequestSignUp(request)) => self.asked.push(request.sign_up),
                Ok(Command::ShareCheckIn(share)) => self.shared.push(share.check_in),
                Ok(Command::Plain(it)) if it.act.record == kind::SUGGESTION => {
                    self.said.push(SuggestionId(it.subject));
                }
                _ => {}
            }
        }
    }
}

impl Running {
    fn start(folder: &tempfile::TempDir) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let config = Config {
            page: PAGE,
            ..Config::in_folder(folder.path())
        };
        let app = runtime.block_on(App::open(config))?;
        let router = runtime.block_on(async { server::router(app.clone()) });
        Ok(Self {
            runtime,
            app,
            router,
        })
    }

    fn call(&self, call: &Call) -> anyhow::Result<Answer> {
        let mut request = Request::post(call.path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(cookie) = &call.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Body::from(call.body.clone()))?;
        self.runtime.block_on(async {
            let (parts, body) = self.router.clone().oneshot(request).await?.into_parts();
            let header = |name| parts.headers.get(name)?.to_str().ok();
            let cookie = header(header::SET_COOKIE).and_then(|cookie| cookie.split(';').next());
            Ok(Answer {
                status: parts.status.as_u16(),
                retry_after_s: header(header::RETRY_AFTER).and_then(|text| text.parse().ok()),
                set_cookie: cookie.map(str::to_owned),
                body: to_bytes(body, usize::MAX).await?.to_vec(),
            })
        })
    }
}

impl Real {
    /// Staff look after a check-in. It may not be there, or be theirs no more.
    fn staff_care(&mut self, now: Millis, chance: &mut Chance) {
        let Some(id) = chance.pick(&self.shared).copied() else {
            return;
        };
        let message = chance.id(now);
        let text = "Hello".to_owned();
        let action = match chance.below(6) {
            0 => StaffAction::OpenCheckIn(id),
            1 => StaffAction::Care(id, CareAction::TakeOn),
            2 => StaffAction::Care(id, CareAction::Reply { message, text }),
            3 => StaffAction::Care(id, CareAction::Rang { message }),
            _ => StaffAction::Care(
                id,
                CareAction::Close {
                    read: chance.below(3),
                },
            ),
        };
        let running = self.running();
        let _ = running
            .runtime
            .block_on(running.app.writer.staff(STAFF, action));
    }
}

impl Server for Real {
    fn call(&mut self, _: Millis, call: &Call) -> Answer {
        self.note_asked(&call.body);
        self.running()
            .call(call)
            .expect("the router always answers")
    }

    fn sessions(&self) -> Vec<SessionFacts> {
        self.sessions.clone()
    }

    fn team(&self) -> TeamId {
        TEAM
    }

    fn join_codes(&self) -> [String; 2] {
        ["STARDEMO".into(), "LOOKDEMO".into()]
    }

    fn revoke(&mut self, member: MemberId, device: DeviceId) {
        let running = self.running();
        let revoke = running
            .app
            .writer
            .run(move |tx| Box::pin(db::devices::lose(tx, member, device, None, 0)));
        let revoked = running.runtime.block_on(revoke);
        revoked.expect("a device that has synced can be revoked");
    }

    fn staff_act(&mut self, now: Millis, chance: &mut Chance) {
        // Its clock is the machine's: now and then it is days later.
        let later = chance.time(0, 3 * DAY_MS);
        let running = self.running();
        let due = running.app.writer.sessions_due(clock::now_ms() + later);
        let looked_after = running.runtime.block_on(due);
        looked_after.expect("what is due is looked after");
        if chance.one_in(2) {
            return self.staff_care(now, chance);
        }
        let Some(sign_up) = chance.pick(&self.asked).copied() else {
            return;
        };
        let action = match chance.below(5) {
            2 => StaffAction::Offer {
                sign_up,
                message: None,
            },
            0 => StaffAction::Cancel {
                sign_up,
                message: "Sorry".into(),
            },
            1 => StaffAction::OpenSignUp(sign_up),
            _ => StaffAction::Confirm {
                sign_up,
                message: None,
            },
        };
        let running = self.running();
        // It may not be there: a request that was refused made no sign-up.
        let _ = running
            .runtime
            .block_on(running.app.writer.staff(STAFF, action));
    }

    fn lead(&mut self, now: Millis, opportunity: OpportunityId, member: MemberId, leads: bool) {
        let running = self.running();
        let write = running.app.writer.run(move |tx| {
            Box::pin(async move {
                if leads {
                    db::leads::add(tx, opportunity, member, STAFF, now).await
                } else {
                    db::leads::remove(tx, opportunity, member).await
                }
            })
        });
        let written = running.runtime.block_on(write);
        written.expect("leads are given and ended");
    }

    fn led_by(&self, member: MemberId) -> BTreeSet<OpportunityId> {
        let running = self.running();
        let led = async {
            let mut reader = running.app.db.reader().await?;
            db::leads::led_by(&mut reader, member).await
        };
        let led: Result<_, Error> = running.runtime.block_on(led);
        led.expect("leads are read").into_iter().collect()
    }

    fn is_in_group(&self, member: MemberId) -> bool {
        let running = self.running();
        let me = async {
            let mut reader = running.app.db.reader().await?;
            people::of_member(&mut reader, GROUP, member).await
        };
        let me: Result<_, Error> = running.runtime.block_on(me);
        let me = me.expect("who belongs is read");
        me.is_some_and(|me| me.belongs == Belongs::In)
    }

    fn staff_words(&mut self, chance: &mut Chance) {
        let running = self.running();
        let document = async {
            let mut reader = running.app.db.reader().await?;
            db::words::find(&mut reader, DOCUMENT).await
        };
        let document: Result<_, Error> = running.runtime.block_on(document);
        let document = document
            .expect("a document is read")
            .expect("it was seeded");
        let action = if chance.one_in(2) && document.version < VERSIONS {
            let next = facts::phrases(document.version + 1);
            WordsAction::Publish(next, document.edit)
        } else {
            let Some(id) = chance.pick(&self.said).copied() else {
                return;
            };
            WordsAction::On(id, Box::new(OnSuggestion::Give))
        };
        let done = running.app.writer.words(STAFF, DOCUMENT, action);
        // It may have been refused, or taken back.
        let _ = running.runtime.block_on(done);
    }

    fn show_help_line(&mut self, shown: bool) {
        let running = self.running();
        let write = running
            .app
            .writer
            .run(move |tx| Box::pin(async move { show_help_line(tx, shown).await }));
        let written = running.runtime.block_on(write);
        written.expect("a help line is written");
    }

    fn crash(&mut self) {
        if let Some(running) = self.running.take() {
            drop((running.router, running.app));
            running.runtime.shutdown_background();
        }
        let running = Running::start(&self.folder).context("starting again after a crash");
        self.running = Some(running.expect("it starts on its own file"));
    }

    fn back_up(&mut self) {
        let running = self.running();
        let copy = self.folder.path().join("backup.db");
        let _ = std::fs::remove_file(&copy);
        let made = backup::make(&running.app.config.store, &copy);
        running.runtime.block_on(made).expect("a backup is made");
    }

    fn restore(&mut self, _: Millis) {
        let running = self.running.take().expect("it runs");
        let store = running.app.config.store.clone();
        drop((running.router, running.app));
        running.runtime.shutdown_background();
        let runtime = Runtime::new().expect("a runtime starts");
        let copy = self.folder.path().join("backup.db");
        let restored = backup::restore(&store, &copy);
        runtime
            .block_on(restored)
            .expect("a sound backup is restored");
        let running = Running::start(&self.folder).context("starting again after a restore");
        self.running = Some(running.expect("it starts on what was restored"));
    }

    fn update(&mut self) {}

    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    fn verify(&self) -> Result<(), String> {
        let running = self.running();
        let faults = verify::database(&running.app.config.store);
        match running.runtime.block_on(faults) {
            Ok(faults) if faults.is_empty() => Ok(()),
            Ok(faults) => Err(format!("the database has faults: {faults:?}")),
            Err(problem) => Err(format!("the database cannot be verified: {problem}")),
        }
    }
}

async fn seed(
    tx: &mut AnyConnection,
    sessions: &[SessionFacts],
) -> Result<(), server::error::Error> {
    let team = Team {
        name: "Harbour team".into(),
        hours: "Monday to Friday, 9 to 5".into(),
        next_read_at: None,
        phone: None,
        reads: Vec::new(),
        cover: None,
    };
    db::teams::add(tx, TEAM, &team, 0).await?;
    db::members::add_join_code(tx, "STARDEMO", Some(TEAM), 0).await?;
    db::members::add_join_code(tx, "LOOKDEMO", None, 0).await?;
    let staff = NewStaff {
        id: STAFF,
        email: "staff@demo.example".into(),
        name: "Priya".into(),
        role: Role::Staff,
        password: "no password fits this".into(),
        teams: vec![TEAM],
    };
    db::staff::add(tx, &staff, 0).await?;
    let all: BTreeSet<_> = sessions.iter().map(|facts| facts.opportunity).collect();
    for opportunity in all {
        publish::opportunity(tx, opportunity, &letters()).await?;
    }
    for facts in sessions {
        publish::session(tx, facts.id, session(facts)).await?;
    }
    seed_group(tx).await
}

/// The group, and the first version of its document.
async fn seed_group(tx: &mut AnyConnection) -> Result<(), Error> {
    let group = Group {
        area: Area::Wording,
        title: "Letters and words".into(),
        does: "Reading together".into(),
        who_for: None,
        meets: None,
        led_by: None,
        backup: None,
        came_of_it: None,
        agreement: Agreement {
            version: 1,
            text: "We listen.".into(),
        },
        state: GroupState::Open,
    };
    db::groups::add(&mut *tx, GROUP, &group, STAFF, 0).await?;
    db::groups::note_agreement(&mut *tx, GROUP, &group.agreement, (STAFF, 0)).await?;
    db::groups::publish(&mut *tx, GROUP).await?;
    let first = facts::document(1);
    let document = DocumentRow {
        id: DOCUMENT,
        kind: first.kind,
        details: Details {
            title: first.title,
            about: first.about,
            group: first.group,
            only_group: false,
            state: first.state,
        },
        section: None,
        version: first.version,
        phrases: first.phrases,
        draft: None,
        edit: 0,
    };
    db::words::add(tx, &document, (STAFF, 0)).await
}

fn letters() -> Opportunity {
    Opportunity {
        area: Area::Wording,
        title: "Look at our letters".into(),
        purpose: "Letters that people want to read".into(),
        what_happens: "Reading together".into(),
        what_next: "The letters change".into(),
        commitment: None,
        support: None,
        travel: None,
        thank_you: None,
        access: None,
        contact: None,
        state: OpportunityState::Published,
        more: None,
    }
}

fn session(facts: &SessionFacts) -> Session {
    Session {
        opportunity: facts.opportunity,
        starts_at: None,
        local_start: None,
        zone: None,
        length_min: None,
        breaks: None,
        mode: Mode::Online,
        place: None,
        places: facts.limit,
        gives: facts.gives,
        ballot_at: (facts.gives == Gives::Ballot).then(|| rfc3339(0)),
        room: Room::Plenty,
        state: if facts.open {
            SessionState::Scheduled
        } else {
            SessionState::Cancelled
        },
        lead: None,
        was: None,
        reason: None,
    }
}

async fn show_help_line(tx: &mut AnyConnection, shown: bool) -> Result<(), Error> {
    let kept = Kept {
        line: built_in().remove(3),
        checked_by: None,
        check_by: None,
    };
    help_lines::add(tx, HELP_LINE, &kept).await?;
    if shown {
        help_lines::change(tx, HELP_LINE, &kept).await?;
    } else {
        help_lines::take_away(tx, HELP_LINE, 0).await?;
    }
    publish::changed_help_line(tx, HELP_LINE, shown.then_some(&kept.line)).await
}
