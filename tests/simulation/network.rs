//! The network between phones and the server, and what it does to requests and answers.

use super::{
    faults::{Fault, Met, STATUSES},
    model::{failed, failed_for},
    mutation::Mutation,
    phone::TabRef,
    server::{Answer, Call},
    world::{Event, World},
};
use app::{
    domain::{
        command::Command,
        id::{DeviceId, MemberId},
    },
    sync::{
        link::LinkError,
        replica::{Input, RequestId},
        store::Write,
        wire::{
            ErrorBody, JoinRequest, JoinResponse, Outcome, ReturnRequest, SyncRequest, SyncResponse,
        },
    },
};

use uuid::Uuid;

type Done = Result<(), String>;

/// What everybody is called when they join.
pub const JOINS_AS: &str = "Demo";

/// A request on its way.
#[derive(Clone, Debug)]
pub struct Flight {
    tab: TabRef,
    request: RequestId,
    device: DeviceId,
    /// Who asks.
    pub member: Option<MemberId>,
    /// Whether the phone says that it seals its rows.
    pub sealed: bool,
    call: Call,
    /// What becomes of the answer.
    way_back: WayBack,
}

#[derive(Clone, Copy, Debug)]
enum WayBack {
    After(i64),
    Never,
    Cut,
    Replaced,
}

impl World {
    /// A request leaves a phone.
    pub fn send(&mut self, tab: TabRef, request: RequestId, mut sent: SyncRequest) -> Done {
        self.begins_from_start(tab.phone, &mut sent)?;
        sent.sealed = self.says_that_it_seals(tab)?;
        if let Some(open) = self.phones[tab.phone].tab(tab.tab) {
            open.sent = Some(request);
        }
        let mut body = serde_json::to_vec(&sent).map_err(|error| error.to_string())?;
        let phone = &mut self.phones[tab.phone];
        if self.mutation == Some(Mutation::PhoneSendsPrivate)
            && let Some((_, text)) = phone.store.private.values().next()
        {
            body.extend_from_slice(text.as_bytes());
        }
        self.requests += 1;
        self.oracle.sending(&phone.store, &sent, &body)?;
        let flight = Flight {
            tab,
            request,
            device: phone.device,
            member: sent.member,
            sealed: sent.sealed,
            call: Call {
                path: "/api/sync",
                cookie: phone.cookie.clone(),
                body,
            },
            way_back: WayBack::After(50),
        };
        if self.mutation == Some(Mutation::PhoneDeletesBeforeOutcome) {
            self.delete_sent(tab, &sent)?;
        }
        self.route(flight, sent.commands.len());
        Ok(())
    }

    /// The first request after sums disagreed asks for everything.
    fn begins_from_start(&mut self, at: usize, sent: &mut SyncRequest) -> Done {
        let goes_on = self.is(Mutation::PhoneHealsFromTheMiddle);
        let phone = &mut self.phones[at];
        if !std::mem::take(&mut phone.asks_from_start) {
            return Ok(());
        }
        if goes_on {
            sent.cursor.clone_from(&phone.last_cursor);
        }
        if sent.cursor.is_some() {
            return Err(format!("phone {at} does not ask from the start to heal"));
        }
        self.tally.met.count(Met::AskedFromStart);
        Ok(())
    }

    fn delete_sent(&mut self, tab: TabRef, sent: &SyncRequest) -> Done {
        let store = &self.phones[tab.phone].store;
        let rows = store.outbox();
        let sent = rows
            .iter()
            .filter(|row| sent.commands.iter().any(|it| it.get() == row.text));
        let writes: Vec<_> = sent.map(|row| Write::DeleteOutbox(row.id)).collect();
        let batch = app::sync::store::Batch {
            id: 0,
            expect: 0,
            writes,
            meta: store.meta(),
        };
        match self.known(tab) {
            Some(known) => self.commit(tab.phone, &batch, &known),
            None => Ok(()),
        }
    }

    /// What becomes of a request.
    fn route(&mut self, mut flight: Flight, commands: usize) {
        let there = if self.calm {
            30
        } else {
            self.chance.time(20, 3_000)
        };
        flight.way_back = WayBack::After(if self.calm {
            30
        } else {
            self.chance.time(20, 3_000)
        });
        let no_signal = self.now < self.phones[flight.tab.phone].no_signal_until;
        if no_signal && !self.calm {
            return self.answer_later(10, &flight, None);
        }
        if self.strikes(Fault::RequestDropped, 12) {
            if self.chance.one_in(2) {
                self.answer_later(there, &flight, None);
            }
            return;
        }
        if let Some(answer) = self.answered_by_the_way(&flight, commands) {
            return self.answer_later(there, &flight, Some(answer));
        }
        if self.is_too_large(&flight) {
            let mut answer = failed(413, "too_large");
            if self.chance.one_in(2) {
                answer.body = b"<html>413 Request Entity Too Large</html>".to_vec();
            }
            return self.answer_later(there, &flight, Some(answer));
        }
        if self.strikes(Fault::RequestDuplicated, 15) {
            let mut again = flight.clone();
            again.way_back = WayBack::Never;
            let delay = self.chance.time(20, 200_000);
            self.later(delay, Event::Arrive(Box::new(again)));
        }
        if self.strikes(Fault::ReplyLost, 12) {
            flight.way_back = WayBack::Never;
        } else if self.strikes(Fault::ReplyCut, 20) {
            flight.way_back = WayBack::Cut;
        } else if self.strikes(Fault::ReplyReplaced, 25) {
            flight.way_back = WayBack::Replaced;
        } else if self.strikes(Fault::ReplyLate, 25) {
            flight.way_back = WayBack::After(self.chance.time(50_000, 130_000));
        }
        let late = self.strikes(Fault::RequestDelayed, 15);
        let there = if late {
            self.chance.time(10_000, 120_000)
        } else {
            there
        };
        self.later(there, Event::Arrive(Box::new(flight)));
    }

    /// Whether the phone's network lets nothing of this size through at the moment.
    fn is_too_large(&self, flight: &Flight) -> bool {
        let phone = &self.phones[flight.tab.phone];
        !self.calm && self.now < phone.small_door_until && flight.call.body.len() > phone.small_door
    }

    /// An answer by something between the phone and the server, or by a server in trouble.
    fn answered_by_the_way(&mut self, flight: &Flight, commands: usize) -> Option<Answer> {
        if self.calm || !self.chance.one_in(7) {
            return None;
        }
        let status = *self.chance.pick(&STATUSES)?;
        // A lone command that is too large is given back: that is no fault to inject.
        let status = if status == 413 && commands < 2 {
            500
        } else {
            status
        };
        self.tally.faults.count(Fault::AnsweredOnTheWay);
        self.tally.statuses.count(status);
        let code = match status {
            400 => "malformed",
            401 => "sign_in_required",
            403 if self.chance.one_in(2) => {
                self.tally.faults.count(Fault::RevokedOther);
                let other = DeviceId(self.chance.id(self.now));
                assert_ne!(other, flight.device);
                return Some(failed_for(403, "device_revoked", Some(other)));
            }
            409 => "other_member",
            413 => "too_large",
            426 => "update_required",
            _ => "trouble",
        };
        let mut answer = failed(status, code);
        if matches!(status, 429 | 503) && self.chance.one_in(2) {
            answer.retry_after_s = Some(self.chance.time(1, 90));
        }
        if self.chance.one_in(6) {
            answer.body = b"<html>Sign in to the hotel</html>".to_vec();
        }
        Some(answer)
    }

    /// A request arrives at the server.
    pub fn arrive(&mut self, flight: Flight) -> Done {
        let answer = self.server.call(self.now, &flight.call);
        self.tell(|| {
            let asked = String::from_utf8_lossy(&flight.call.body);
            let (tab, status) = (flight.tab, answer.status);
            let said = String::from_utf8_lossy(&answer.body);
            format!("{tab:?} asks {asked}\n  and is to be answered {status} {said}")
        });
        self.server.check()?;
        if let Ok(page) = serde_json::from_slice::<SyncResponse>(&answer.body) {
            if let Some(member) = flight.member {
                self.has_called(member, flight.device);
                self.lost_by_command(member, &page);
            }
            if !self.is(Mutation::ServerAnswersBeforeDurable) {
                self.oracle.answered(&page.outcomes)?;
                self.tells_of_others(&flight, &page)?;
                self.tells_of_group(&flight, &page)?;
            } else {
                self.oracle.outcomes.extend(
                    page.outcomes
                        .iter()
                        .filter_map(|it| Some((it.id?, it.clone()))),
                );
            }
        } else if answer.status == 200 {
            return Err("a 200 that is no page".into());
        }
        match flight.way_back {
            WayBack::After(delay) => self.answer_later(delay, &flight, Some(answer)),
            WayBack::Never => {}
            WayBack::Cut => self.answer_later(200, &flight, None),
            WayBack::Replaced => self.answer_later(200, &flight, Some(failed(502, "bad_gateway"))),
        }
        Ok(())
    }

    /// The server has heard of a device, perhaps again: who asked for it to be erased asks again.
    pub fn has_called(&mut self, member: MemberId, device: DeviceId) {
        let device = (member, device);
        if self.devices.insert(device) && self.revoked.contains(&device) {
            self.server.revoke(device.0, device.1);
        }
    }

    /// Commands of this page said that phones are lost.
    fn lost_by_command(&mut self, member: MemberId, page: &SyncResponse) {
        let applied = page.outcomes.iter();
        let applied = applied.filter(|it| it.outcome == Outcome::Applied);
        for id in applied.filter_map(|outcome| outcome.id) {
            let made = self.oracle.made.get(&id);
            if let Some(Command::MarkAttendance(_)) = made.map(|made| &made.command) {
                self.tally.met.count(Met::WhoCameKept);
            }
            if let Some(Command::LoseDevice(device)) = made.map(|made| &made.command) {
                self.tally.met.count(Met::DeclaredLost);
                self.lost.insert((member, *device));
                self.ever_lost.insert((member, *device));
            }
        }
    }

    fn answer_later(&mut self, delay: i64, flight: &Flight, answer: Option<Answer>) {
        self.later(delay, Event::Answered(flight.tab, flight.request, answer));
    }

    /// An answer, or the news that there is none, reaches a tab.
    pub fn answered(&mut self, tab: TabRef, request: RequestId, answer: Option<Answer>) -> Done {
        let status = answer.as_ref().map(|answer| answer.status);
        self.tell(|| format!("{tab:?} is answered {status:?}"));
        let device = self.believes(tab.phone, answer.as_ref());
        let reply = match answer {
            None => Err(LinkError::NoAnswer),
            Some(answer) if answer.status == 200 => {
                if let Some(cookie) = answer.set_cookie {
                    self.phones[tab.phone].cookie = Some(cookie);
                }
                serde_json::from_slice(&answer.body)
                    .map(|page| Box::new(self.page_comes(tab, request, page)))
                    .map_err(|_| LinkError::Failed)
            }
            Some(answer) => Err(link_error(&answer, device)),
        };
        match reply {
            Err(LinkError::TooLarge) => self.tally.met.count(Met::TooLarge),
            Err(LinkError::Revoked) => self.tally.met.count(Met::RevokedAtSync),
            _ => {}
        }
        self.give(tab, Input::Reply(request, reply))
    }

    /// Which device the phone takes itself for when it reads this answer.
    fn believes(&self, phone: usize, answer: Option<&Answer>) -> DeviceId {
        let named = || {
            serde_json::from_slice::<ErrorBody>(&answer?.body)
                .ok()?
                .device
        };
        let own = self.phones[phone].device;
        if self.is(Mutation::PhoneErasesOnAny403) {
            return named().unwrap_or(own);
        }
        own
    }

    /// A page has reached a phone.
    fn page_comes(
        &mut self,
        tab: TabRef,
        request: RequestId,
        mut page: SyncResponse,
    ) -> SyncResponse {
        let phone = tab.phone;
        self.hears_of_others(phone, &page);
        if let (Some(sums), Some(open)) = (&page.sums, self.phones[phone].tab(tab.tab))
            && open.sent == Some(request)
        {
            open.may_read = Some(sums.iter().map(|(scope, _)| scope.clone()).collect());
        }
        if page.more {
            self.tally.met.count(Met::PageWithMore);
        }
        if page.changes.iter().any(|change| change.deleted) {
            self.tally.met.count(Met::Tombstone);
        }
        self.phones[phone].last_cursor = Some(page.cursor.clone());
        if self.is(Mutation::PhoneIgnoresSums) {
            page.sums = None;
        }
        if self.is(Mutation::PhoneKeepsLostScopes) {
            self.as_if_still_read(phone, &mut page);
        }
        page
    }

    /// A session is renewed with the return key.
    pub fn renew(&mut self, tab: TabRef, member: MemberId) -> Done {
        if self.strikes(Fault::ReplyLost, 6) {
            return self.give(tab, Input::Renewed(Err(LinkError::NoAnswer)));
        }
        let phone = &self.phones[tab.phone];
        let device = phone.device;
        let here = phone.person.map(|person| self.people[person].member);
        if here.is_some_and(|here| here != member) && !self.is(Mutation::PhoneRenewsForAnybody) {
            // Somebody else has joined meanwhile: the cookie is theirs.
            self.tally.met.count(Met::RenewalTooLate);
            return self.give(tab, Input::Renewed(Err(LinkError::Failed)));
        }
        let Some(key) = phone.key(member) else {
            // Another tab has erased what was theirs.
            return self.give(tab, Input::Renewed(Err(LinkError::SignInRequired)));
        };
        let answer = if self.strikes(Fault::RevokedOther, 20) {
            failed_for(
                403,
                "device_revoked",
                Some(DeviceId(self.chance.id(self.now))),
            )
        } else {
            self.come_back(member, &key, Some(device))?
        };
        let known = if self.is(Mutation::PhoneKnowsNoDeviceAtReturn) {
            DeviceId(Uuid::nil())
        } else {
            self.believes(tab.phone, Some(&answer))
        };
        let renewed = if answer.is_ok() {
            self.tally.met.count(Met::Renewed);
            if here.is_some_and(|here| here != member) {
                return Err(format!(
                    "phone {} got the session of {member} back",
                    tab.phone
                ));
            }
            self.phones[tab.phone].cookie = answer.set_cookie;
            Ok(())
        } else {
            Err(link_error(&answer, known))
        };
        if renewed == Err(LinkError::Revoked) {
            self.tally.met.count(Met::RevokedAtReturn);
        }
        self.give(tab, Input::Renewed(renewed))
    }

    /// `POST /api/return`.
    pub fn come_back(
        &mut self,
        member: MemberId,
        key: &str,
        device: Option<DeviceId>,
    ) -> Result<Answer, String> {
        let body = ReturnRequest {
            member,
            return_key: key.to_owned(),
            device,
        };
        self.call("/api/return", None, &body)
    }

    /// A return key for one phone alone, of the member whose cookie it is.
    pub fn own_key(&mut self, cookie: Option<String>) -> Result<String, String> {
        let answer = self.call("/api/return-key", cookie, &())?;
        let joined: Result<JoinResponse, _> = serde_json::from_slice(&answer.body);
        let key = joined.ok().and_then(|joined| joined.return_key);
        key.ok_or_else(|| format!("asking for a return key answered {}", answer.status))
    }

    /// Someone joins for the first time; `code` picks with or without a team.
    pub fn meet(&mut self, code: usize) -> Done {
        let body = JoinRequest {
            device: None,
            code: self.server.join_codes()[code].clone(),
            name: Some(JOINS_AS.into()),
            was: None,
        };
        let answer = self.call("/api/join", None, &body)?;
        let joined: JoinResponse = serde_json::from_slice(&answer.body).map_err(|error| {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            format!("joining answered {}: {error}: {body}", answer.status)
        })?;
        self.people.push(super::world::Person {
            member: joined.member,
            key: joined.return_key.ok_or("joining gave no return key")?,
        });
        Ok(())
    }

    /// A call over a network that works.
    pub fn call<T: serde::Serialize>(
        &mut self,
        path: &'static str,
        cookie: Option<String>,
        body: &T,
    ) -> Result<Answer, String> {
        let body = serde_json::to_vec(body).map_err(|error| error.to_string())?;
        let call = Call { path, cookie, body };
        Ok(self.server.call(self.now, &call))
    }
}

/// What an answer that is no page means for a phone.
pub fn link_error(answer: &Answer, device: DeviceId) -> LinkError {
    let body = serde_json::from_slice::<ErrorBody>(&answer.body).ok();
    LinkError::read(answer.status, body.as_ref(), answer.retry_after_s, device)
}
