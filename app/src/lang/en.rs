//! English. Short words, short sentences: reading age about 9.
//!
//! One section a screen; the group that betters these words finds them by key.

crate::texts! {
    HELP_NOW "help_now.button" "Help now";
    HELP_NOW_UNDER "help_now.under" "People you can ring or text now.";
    SKIP "frame.skip" "Skip to this page";
    TABS "frame.tabs" "Main parts";
    CHORUS "frame.chorus" "Chorus";
    PAGE_TITLE "frame.page_title" "{page} · Chorus";
    TROUBLE "frame.trouble" "Something went wrong on this phone: {why} What you typed is still here.";
    STORE_FAILS "frame.store_fails" "This phone can't keep new things right now: {why} Nothing you keep or send will stay. You can still read, and Help now works.";
    NO_SIGNAL "frame.no_signal" "No signal. Try again when you have some.";
    UPDATE "frame.update" "A new version is ready. What you typed is kept.";
    UPDATE_USE "frame.update_use" "Use it now";
    NOBODY_WATCHES "frame.nobody_watches" "Nobody is watching this for emergencies.";
    TRY_AGAIN "frame.try_again" "Try again";
    BACK "frame.back" "Back";

    // Refusals: why the server gave something back.
    REFUSED_MALFORMED "refusal.malformed" "Something in this could not be read. Your words are safe here. Please try again.";
    REFUSED_ID_REUSED "refusal.id_reused" "This was mixed up with something sent before. Your words are safe here. Please try again.";
    REFUSED_TOO_LARGE "refusal.too_large" "This is too long to send. Your words are safe here. Please make it shorter.";
    REFUSED_NOT_YOURS "refusal.not_yours" "This belongs to someone else, so it was not changed.";
    REFUSED_NO_SUCH_SESSION "refusal.no_such_session" "This session is not there any more. Sorry. Your words are safe here.";
    REFUSED_SESSION_CLOSED "refusal.session_closed" "This session is not taking more people now. Sorry. Your words are safe here.";
    REFUSED_ALREADY_SIGNED_UP "refusal.already_signed_up" "You asked for a place in this session before. There is no need to ask again.";
    REFUSED_NO_OFFER "refusal.no_offer" "There is no offer to answer here now.";
    REFUSED_NOT_YOUR_TEAM "refusal.not_your_team" "You are not with this team now, so it was not sent. Your words are safe here.";
    REFUSED_CONSENT_NEEDED "refusal.consent_needed" "Please say yes to sharing first. Your words are safe here.";
}

/// The tabs.
pub mod tab {
    crate::texts! {
        TODAY "tab.today" "Today";
        TAKE_PART "tab.take_part" "Take part";
        MY_PLAN "tab.my_plan" "My plan";
        WHAT_CHANGED "tab.what_changed" "What changed";
    }
}

/// Today.
pub mod today {
    crate::texts! {
        HELLO "today.hello" "Hello.";
        HELLO_NAME "today.hello_name" "Hello, {name}.";
        NICE "today.nice" "Nice to see you.";
        PROMPT "today.prompt" "How are things right now?";
        PROMPT_UNDER "today.prompt_under" "It's just for you, unless you share it.";
        CHECK_IN "today.check_in" "Check in";
        UNSENT_ONE "today.unsent_one" "1 thing not sent yet.";
        UNSENT_MANY "today.unsent_many" "{count} things not sent yet.";
        SAFE_HERE "today.safe_here" "They're safe here.";
        SAFE_HERE_ONE "today.safe_here_one" "It's safe here.";
        WHEN_SIGNAL "today.when_signal" "We'll send when there's signal.";
        SEE_THEM "today.see_them" "See what is waiting";
        COMING_UP "today.coming_up" "Coming up";
        NOTHING_COMING "today.nothing_coming" "Nothing in your diary here. That's fine.";
        SEE_OPPORTUNITIES "today.see_opportunities" "See ways to take part";
        ALSO "today.also" "Also here";
        MINE "today.mine" "Some things were written here before you joined. Are they yours?";
        MINE_LOOK "today.mine_look" "Say if they are yours";
        JOIN "today.join" "Have a join code?";
        JOIN_UNDER "today.join_under" "You can look around first. To sign up or share, join with a code from your service.";
        GIVEN_BACK "today.given_back" "Something could not be sent. It's safe here.";
        SIGN_IN "today.sign_in" "Chorus can't send for you right now. Please join again with your code. Your things are safe here.";
        OTHER_MEMBER "today.other_member" "Someone else has joined in this browser. Nothing of yours was sent as them.";
        UPDATE_NEEDED "today.update_needed" "This version is too old to send. Your things are safe here. Please open Chorus again with signal.";
    }
}

/// Check in, and the screen after it.
pub mod check_in {
    crate::texts! {
        TITLE "check_in.title" "Check in";
        QUESTION "check_in.question" "How are things right now?";
        FEELINGS "check_in.feelings" "Pick one, or none";
        GOOD "check_in.good" "Good";
        OK "check_in.ok" "OK";
        UP_AND_DOWN "check_in.up_and_down" "Up and down";
        HARD "check_in.hard" "Hard";
        VERY_HARD "check_in.very_hard" "Very hard";
        RATHER_NOT "check_in.rather_not" "I'd rather not say";
        NOTE "check_in.note" "Add anything you like, or leave it";
        WHO "check_in.who" "Who can see this?";
        ONLY_ME "check_in.only_me" "Only me";
        ONLY_ME_MEANS "check_in.only_me_means" "It stays on this phone.";
        READS "check_in.reads" "{team} reads these {hours}.";
        NEXT_READS "check_in.next_reads" "They next read these {next}.";
        IF_HURT "check_in.if_hurt" "If someone could be badly hurt, we may have to tell someone. We'll talk to you first if we can.";
        CONSENT "check_in.consent" "I've read this. {team} can see this check-in.";
        CONSENT_NEEDED "check_in.consent_needed" "Please tick the box that says {team} can see it. Or keep it on this phone.";
        CONSENT_NEEDED_PLAIN "check_in.consent_needed_plain" "Please tick the box that says {team} can see it.";
        WANTS "check_in.wants" "Would you like anything?";
        WANTS_WHY "check_in.wants_why" "So the team knows what to do.";
        KNOW "check_in.know" "Just so you know";
        MESSAGE "check_in.message" "A message";
        CALL "check_in.call" "A call";
        CONTACT_NEEDED "check_in.contact_needed" "To get a message or a call, please say how to reach you.";
        KEEP "check_in.keep" "Keep on this phone";
        SEND "check_in.send" "Send to {team}";
        NEEDS_APP "check_in.needs_app" "Checking in opens with the app.";
        NEEDS_APP_UNDER "check_in.needs_app_under" "Give it a moment. If it doesn't open, try again with better signal. Help now works all the same.";
        THANK_YOU "check_in.thank_you" "Thank you for saying so.";
        THANKS "check_in.thanks" "Thank you.";
        NOTHING_NEXT "check_in.nothing_next" "You don't have to do anything next.";
        KEPT "check_in.kept" "Kept on this phone. Only you can see this.";
        NOT_REACHED "check_in.not_reached" "This has not reached your team yet. No signal.";
        SENDING "check_in.sending" "Sending. It has not reached your team yet.";
        WAITING "check_in.waiting" "This has not reached your team yet. It's safe here.";
        SENT "check_in.sent" "Sent. Your team reads these {hours}.";
        SENT_NEXT "check_in.sent_next" "Sent. Your team next reads these {next}.";
        SENT_PLAIN "check_in.sent_plain" "Sent.";
        GOES_TO "check_in.goes_to" "When there's signal this goes to {team}.";
        WENT_TO "check_in.went_to" "{team} can read it now.";
        DONT_SEND "check_in.dont_send" "Don't send";
        SHARE_LATER "check_in.share_later" "You can share it later, or delete it.";
        SEE_ALL "check_in.see_all" "See my check-ins";
        UNKNOWN "check_in.unknown" "If you leave this empty, we won't know who you are. So we can't get in touch.";
        TO_TODAY "check_in.to_today" "Back to Today";
    }
}

/// How to reach a person: asked in two forms.
pub mod contact {
    crate::texts! {
        BY "contact.by" "How can we reach you?";
        WHY "contact.why" "We only use it for this.";
        PHONE "contact.phone" "Call me";
        TEXT "contact.text" "Text me";
        EMAIL "contact.email" "Email me";
        WORKER "contact.worker" "Through my worker";
        NONE "contact.none" "Don't reach me";
        VALUE "contact.value" "Your number, email, or your worker's name";
        SAFE "contact.safe" "It's safe to leave a message there";
        VALUE_NEEDED "contact.value_needed" "Please add the number, email or name for this. Or pick \"Don't reach me\".";
    }
}

/// My check-ins.
pub mod check_ins {
    crate::texts! {
        TITLE "check_ins.title" "My check-ins";
        PRIVATE "check_ins.private" "Only you can see this.";
        PICTURE "check_ins.picture" "How it has been";
        PICTURE_UNDER "check_ins.picture_under" "Oldest first. No scores, just weather.";
        SHARE "check_ins.share" "Share with {team}";
        SHARE_NOT "check_ins.share_not" "Don't share";
        TAKE_BACK "check_ins.take_back" "Take it back";
        DELETE "check_ins.delete" "Delete from this phone";
        DELETE_SURE "check_ins.delete_sure" "Delete it for good? Nobody can get it back.";
        DELETE_YES "check_ins.delete_yes" "Yes, delete it";
        DELETE_NO "check_ins.delete_no" "No, keep it";
        EMPTY "check_ins.empty" "Nothing here yet. A check-in is for you. Make one when you feel like it.";
    }
}

/// Take part: the list and one opportunity.
pub mod take_part {
    crate::texts! {
        TITLE "take_part.title" "Take part";
        INTRO "take_part.intro" "What you know can change things. You can stop at any time. It won't change your support.";
        FILTER "take_part.filter" "Show";
        ALL_KINDS "take_part.all_kinds" "All";
        EMPTY "take_part.empty" "Nothing to show yet. New things come when this phone has signal.";
        EMPTY_KIND "take_part.empty_kind" "Nothing of this kind right now. Look at the others, or come back another day.";
        COMMUNICATIONS "take_part.communications" "Communications";
        RECRUITMENT "take_part.recruitment" "Recruitment panels";
        BUSINESS_DEVELOPMENT "take_part.business_development" "Planning new work";
        WORDING "take_part.wording" "Paperwork and wording";
        TRAINING "take_part.training" "Training";
        PEER_SUPPORT "take_part.peer_support" "Peer support";
        OTHER "take_part.other" "Other things";
        WHY "take_part.why" "Why";
        WHEN "take_part.when" "When";
        WHERE "take_part.where" "Where";
        BREAKS "take_part.breaks" "Breaks";
        ROOM "take_part.room" "Room";
        PLENTY "take_part.plenty" "Plenty of places";
        FEW "take_part.few" "A few places left";
        WAITING_LIST "take_part.waiting_list" "Full now. You can join the waiting list";
        GIVES "take_part.gives" "How places are given";
        GIVES_STAFF "take_part.gives_staff" "Someone reads each one, then gets back to you.";
        GIVES_FIRST "take_part.gives_first" "In the order they reach us.";
        GIVES_BALLOT "take_part.gives_ballot" "Names are drawn at a set time.";
        COMMITMENT "take_part.commitment" "How long";
        SUPPORT "take_part.support" "Who is there";
        TRAVEL "take_part.travel" "Travel";
        THANK_YOU "take_part.thank_you" "Thank-you";
        ACCESS "take_part.access" "Access";
        ASK "take_part.ask" "Who to ask";
        WHAT_HAPPENS "take_part.what_happens" "What you would do";
        WHAT_NEXT "take_part.what_next" "What happens after";
        STOP "take_part.stop" "You can stop at any time. It won't change your support.";
        LIKE_TO "take_part.like_to" "I'd like to take part";
        PAUSED "take_part.paused" "Not taking new people just now.";
        OVER "take_part.over" "This is over. Thank you to all who took part.";
        CALLED_OFF "take_part.called_off" "This is called off.";
        MOVED "take_part.moved" "This moved to another time.";
        GONE "take_part.gone" "We can't find this one";
        GONE_UNDER "take_part.gone_under" "It may be over, or this phone has not had signal since it was put up.";
        SEE_ALL "take_part.see_all" "See all ways to take part";
        NO_SESSIONS "take_part.no_sessions" "No dates yet. Look again later.";
        MY_SIGN_UPS "take_part.my_sign_ups" "My sign-ups";
    }
}

/// Signing up for a session.
pub mod sign_up {
    crate::texts! {
        TITLE "sign_up.title" "Sign up";
        HEADING "sign_up.heading" "I'd like to take part";
        STEP "sign_up.step" "Question {number} of {count}";
        NEXT "sign_up.next" "Next";
        WHICH "sign_up.which" "Which day suits you?";
        EASIER "sign_up.easier" "What would make this easier for you?";
        EASIER_WHY "sign_up.easier_why" "For example: a quiet room, large print, or someone to come with you.";
        EASIER_CONSENT "sign_up.easier_consent" "You can show this to the people who run it";
        TRAVEL "sign_up.travel" "Would you like your travel paid first?";
        TRAVEL_WHY "sign_up.travel_why" "So you don't have to wait to get money back.";
        TRAVEL_YES "sign_up.travel_yes" "Yes, please pay before the day";
        NOTE "sign_up.note" "Anything else?";
        NOTE_WHY "sign_up.note_why" "You can leave this empty.";
        CHECK "sign_up.check" "Check your answers";
        CHECK_UNDER "sign_up.check_under" "You can change your mind at any time.";
        CHANGE "sign_up.change" "Change";
        CHANGE_WHAT "sign_up.change_what" "Change: {question}";
        NO_ANSWER "sign_up.no_answer" "Left empty";
        SEND "sign_up.send" "Ask for a place";
        WHICH_NEEDED "sign_up.which_needed" "Please pick a day first.";
        REACH_NOTE "sign_up.reach_note" "You will also see the answer here in Chorus.";
        JOIN_FIRST "sign_up.join_first" "To sign up, join first. You need a code from your service.";
        DONE "sign_up.done" "Thank you for asking.";
        DONE_UNDER "sign_up.done_under" "You can see how it's going in My sign-ups.";
        DONE_PLAIN "sign_up.done_plain" "Sent. It's not yet a place, until Chorus says so.";
        NO_DAYS "sign_up.no_days" "There is no other day to ask for right now. What you asked for is in My sign-ups.";
    }
}

/// My sign-ups.
pub mod sign_ups {
    crate::texts! {
        TITLE "sign_ups.title" "My sign-ups";
        EMPTY "sign_ups.empty" "You haven't signed up for anything. That's fine.";
        CANT_MAKE_IT "sign_ups.cant_make_it" "Can't make it? That's fine";
        SURE "sign_ups.sure" "Give up this place? No reason needed.";
        SURE_YES "sign_ups.sure_yes" "Yes, give it up";
        SURE_NO "sign_ups.sure_no" "No, keep it";
        CALENDAR "sign_ups.calendar" "Add to my calendar";
        QUOTE "sign_ups.quote" "“{words}”";
        SOMETHING "sign_ups.something" "A session";
    }
}

/// The one-line states of what was sent.
pub mod state {
    crate::texts! {
        NOT_YET "state.not_yet" "Not sent yet, safe here";
        NOT_YET_NO_PLACE "state.not_yet_no_place" "Not sent yet, and not yet a place. It's safe here.";
        SENDING "state.sending" "Sending";
        SENDING_NO_PLACE "state.sending_no_place" "Sending. It's not yet a place.";
        SENT "state.sent" "Sent";
        SENT_AT "state.sent_at" "Sent {time}";
        SEEN "state.seen" "Seen by {name}";
        MADE_AT "state.made_at" "Made {time}";
        LOOKING "state.looking" "Someone will look at it. It's not yet a place.";
        PLACE "state.place" "You have a place";
        WAITING "state.waiting" "You are on the waiting list";
        WAITING_AT "state.waiting_at" "You are number {position} on the waiting list";
        OFFERED "state.offered" "A place is kept for you until {time}";
        ATTENDED "state.attended" "You came. Thank you.";
        NOT_THERE "state.not_there" "You couldn't come. That's fine.";
        THANKED "state.thanked" "Thank you for taking part.";
        TAKING_BACK "state.taking_back" "You can't make it. We'll tell them when there's signal.";
        WITHDRAWN "state.withdrawn" "You can't make it. That's fine, and they know.";
        CANCELLED "state.cancelled" "This was called off for you.";
        TAKEN_ON "state.taken_on" "{name} is looking after this";
        REPLIED "state.replied" "You have a reply";
        CLOSED "state.closed" "Finished";
        UNSHARING "state.unsharing" "You took it back. It goes from your team's list when there's signal.";
        UNSHARED "state.unshared" "Removed from Chorus. Backups clear in 30 days.";
        UNSHARED_SEEN "state.unshared_seen" "Removed from Chorus. {name} has already read it. Backups clear in 30 days.";
        NOBODY_OPENED "state.nobody_opened" "Nobody has opened this yet. Sorry.";
        NOBODY_OPENED_RING "state.nobody_opened_ring" "Nobody has opened this yet. Sorry. You can ring {phone}.";
    }
}

/// Help now, and the lines for a phone that never synced.
pub mod help_now {
    crate::texts! {
        TITLE "help_now.title" "You can get help now.";
        UNDER "help_now.under_title" "We can't see this screen. These people are there.";
        RING "help_now.ring" "Ring";
        TEXT "help_now.text" "Text";
        RING_WHO "help_now.ring_who" "Ring {label}";
        TEXT_WHO "help_now.text_who" "Text {label}";
        CHECKED "help_now.checked" "Checked on {date}";
        SIGNAL "help_now.signal" "Calls and texts need phone signal, not internet. 999 may work on another network when yours has none.";
        CANT_SPEAK "help_now.cant_speak" "Can't speak?";
        CANT_SPEAK_UNDER "help_now.cant_speak_under" "Ring 999 and cough or tap. If they ask, press 55 on a mobile. You can also text 999 if you have signed up: text \"register\" to 999 first.";
        LABEL_999 "help_now.999" "999";
        HOURS_999 "help_now.999_hours" "Life is at risk";
        FREE "help_now.free" "Free";
        DAY_AND_NIGHT "help_now.day_and_night" "Day and night";
        LABEL_111 "help_now.111" "111, then press 2";
        HOURS_111 "help_now.111_hours" "Mental health. Day and night";
        WHERE_111 "help_now.111_where" "England, Scotland and Wales";
        LABEL_LIFELINE "help_now.lifeline" "Lifeline 0808 808 8000";
        WHERE_LIFELINE "help_now.lifeline_where" "Northern Ireland";
        LABEL_SAMARITANS "help_now.samaritans" "Samaritans 116 123";
        LABEL_SHOUT "help_now.shout" "Text SHOUT to 85258";
        LABEL_REFUGE "help_now.refuge" "Domestic abuse 0808 2000 247";
        NOT_ON_BILLS "help_now.not_on_bills" "Not on bills";
    }
}

/// My plan, which is not built yet.
pub mod my_plan {
    crate::texts! {
        EMPTY "my_plan.empty" "This is where your own plan will be: what helps you, and who to call. It isn't ready yet.";
        NOTHING_KEPT "my_plan.nothing_kept" "Until it is, nothing of it is kept here.";
    }
}

/// What changed, which has nothing yet.
pub mod what_changed {
    crate::texts! {
        INTRO "what_changed.intro" "What people said, and what came of it.";
        EMPTY "what_changed.empty" "Nothing here yet. When something changes because of what people said, you can read it here.";
    }
}

/// My phone and privacy.
pub mod my_phone {
    crate::texts! {
        TITLE "my_phone.title" "My phone and privacy";
        NEEDS_APP "my_phone.needs_app" "This opens with the app. Give it a moment.";
        WAITING "my_phone.waiting" "Waiting to send";
        NONE_WAITING "my_phone.none_waiting" "Nothing is waiting to be sent.";
        SEND_NOW "my_phone.send_now" "Try to send now";
        LAST_SENT "my_phone.last_sent" "Last sent: {time}.";
        LAST_HEARD "my_phone.last_heard" "Chorus last got through: {time}.";
        NEVER_HEARD "my_phone.never_heard" "Chorus has not got through from this phone yet.";
        NO_SIGNAL "my_phone.no_signal" "No signal just now. We'll keep trying.";
        SENDING "my_phone.sending" "Trying to send now.";
        A_CHECK_IN "my_phone.a_check_in" "A check-in for your team";
        A_SIGN_UP "my_phone.a_sign_up" "A sign-up: {title}";
        A_CHECK_IN_BACK "my_phone.a_check_in_back" "Taking back a check-in";
        A_SIGN_UP_BACK "my_phone.a_sign_up_back" "Giving up a place";
        AN_ANSWER "my_phone.an_answer" "Your answer about a place";
        SOMETHING_NEWER "my_phone.something_newer" "Something from a newer Chorus";
        DEFERRED "my_phone.deferred" "This waits until Chorus is up to date.";
        GIVEN_BACK "my_phone.given_back" "Could not be sent";
        GIVEN_BACK_UNDER "my_phone.given_back_under" "Your words are safe here.";
        EDIT "my_phone.edit" "Change it and send again";
        LET_GO "my_phone.let_go" "Delete it";
        MINE "my_phone.mine" "Is this yours?";
        MINE_ONE "my_phone.mine_one" "1 thing was written on this phone before you joined.";
        MINE_MANY "my_phone.mine_many" "{count} things were written on this phone before you joined.";
        MINE_UNDER "my_phone.mine_under" "We won't show them unless you say they are yours.";
        MINE_YES "my_phone.mine_yes" "Yes, they are mine";
        MINE_NO "my_phone.mine_no" "No, leave them";
        WHO "my_phone.who" "Who you are here";
        JOINED "my_phone.joined" "You joined as {name}.";
        JOINED_NO_NAME "my_phone.joined_no_name" "You joined without a name. That's fine.";
        TEAM "my_phone.team" "Your team is {team}.";
        NO_TEAM "my_phone.no_team" "You have no team here, so check-ins stay with you.";
        NOT_JOINED "my_phone.not_joined" "You are looking around. You haven't joined.";
        KEEPING "my_phone.keeping" "Keeping things safe";
        KEPT_SAFE "my_phone.kept_safe" "This phone has said it will keep your things.";
        KEPT_MAYBE "my_phone.kept_maybe" "This phone may clear things if it runs out of room. Putting Chorus on your home screen helps.";
        KEPT_UNKNOWN "my_phone.kept_unknown" "We'll ask this phone to keep your things when you first keep something.";
        INSTALL "my_phone.install" "Put Chorus on your phone";
        NOTICE "my_phone.notice" "What we keep and why";
        CHECK_INS "my_phone.check_ins" "My check-ins";
        DELETE "my_phone.delete" "Delete what is on this phone";
        DELETE_UNDER "my_phone.delete_under" "This deletes your things from this phone. What was sent stays with Chorus, so take it back first if you want to.";
        DELETE_UNSENT "my_phone.delete_unsent" "Some things are not sent yet. They would be lost.";
        DELETE_SURE "my_phone.delete_sure" "Delete everything of yours on this phone? Nobody can get it back.";
        DELETE_YES "my_phone.delete_yes" "Yes, delete it all";
        DELETE_NO "my_phone.delete_no" "No, keep it";
        DELETED "my_phone.deleted" "Your things are gone from this phone.";
    }
}

/// Join.
pub mod join {
    crate::texts! {
        TITLE "join.title" "Join";
        HEADING "join.heading" "Join Chorus";
        LOOK_AROUND "join.look_around" "Look around first. You don't need to give your name.";
        CODE "join.code" "Your join code";
        CODE_WHY "join.code_why" "Your service gives you one. It tells us which team is yours.";
        NAME "join.name" "What should we call you?";
        NAME_WHY "join.name_why" "A first name or a made-up one. You can leave this empty.";
        JOIN "join.join" "Join";
        CODE_NEEDED "join.code_needed" "Please type your code first.";
        AGE "join.age" "You need to be 16 or over.";
        WHAT_WE_KEEP "join.what_we_keep" "What we keep and why";
        KEEP_ONE "join.keep_one" "What you send: so that people can answer you.";
        KEEP_TWO "join.keep_two" "What you keep for yourself stays on this phone. We can't see it.";
        KEEP_THREE "join.keep_three" "You can take back what you sent, at any time.";
        FULL_NOTICE "join.full_notice" "Read the full notice";
        NO_SIGNAL "join.no_signal" "Joining needs signal. What you typed stays here. Try again when you have some.";
        JOINED "join.joined" "You have joined.";
        JOINED_NAME "join.joined_name" "You have joined, {name}.";
        JOINED_UNDER "join.joined_under" "From now on everything works with no signal too.";
    }
}

/// The full notice.
pub mod notice {
    crate::texts! {
        TITLE "notice.title" "What we keep and why";
        INTRO "notice.intro" "Chorus is run by the service that gave you your code. This says what it keeps, why, and what you can do.";
        PHONE "notice.phone" "What stays on your phone";
        PHONE_ONE "notice.phone_one" "Check-ins that only you can see. They never leave your phone.";
        PHONE_TWO "notice.phone_two" "What you are typing, until you send it or delete it.";
        PHONE_THREE "notice.phone_three" "A copy of what you sent, so you can read it with no signal.";
        SENT "notice.sent" "What you send us";
        SENT_ONE "notice.sent_one" "The name you give, if you give one.";
        SENT_TWO "notice.sent_two" "Your sign-ups: how to reach you, and what makes it easier for you.";
        SENT_THREE "notice.sent_three" "Check-ins that you share with your team.";
        WHO "notice.who" "Who can see it";
        WHO_ONE "notice.who_one" "Check-ins that you share: your own team. Each time one is read, we note who read it.";
        WHO_TWO "notice.who_two" "Sign-ups: the staff who run the sessions.";
        WHO_THREE "notice.who_three" "Nobody else. We don't sell it. Nothing goes to other firms.";
        HURT "notice.hurt" "When we may tell someone";
        HURT_UNDER "notice.hurt_under" "If someone could be badly hurt, we may have to tell someone. We'll talk to you first if we can.";
        YOURS "notice.yours" "What you can do";
        YOURS_ONE "notice.yours_one" "Take back what you sent. We remove the words. Backups clear in 30 days.";
        YOURS_TWO "notice.yours_two" "Delete what is on your phone, in My phone.";
        YOURS_THREE "notice.yours_three" "Ask your service for a copy of all it keeps about you, or to delete it.";
        YOURS_FOUR "notice.yours_four" "Not happy with how we use it? You can tell the Information Commissioner: 0303 123 1113.";
        AGE "notice.age" "Age";
    }
}

/// Install.
pub mod install {
    crate::texts! {
        TITLE "install.title" "Put Chorus on your phone";
        WHY "install.why" "Then it opens from your home screen, with or without signal. It takes very little room.";
        NOW "install.now" "Put it on now";
        NOT_OFFERED "install.not_offered" "This browser can't do it by itself. Please follow the steps.";
        ANDROID "install.android" "Android phone";
        ANDROID_ONE "install.android_one" "Open this page in Chrome.";
        ANDROID_TWO "install.android_two" "Tap the three dots at the top.";
        ANDROID_THREE "install.android_three" "Tap \"Add to home screen\", then \"Install\".";
        IPHONE "install.iphone" "iPhone";
        IPHONE_ONE "install.iphone_one" "Open this page in Safari.";
        IPHONE_TWO "install.iphone_two" "Tap the share button: a box with an arrow up.";
        IPHONE_THREE "install.iphone_three" "Scroll down, tap \"Add to Home Screen\", then \"Add\".";
        SHARED "install.shared" "Do other people use this phone? Then it may be better not to.";
    }
}

/// An address that is no screen.
pub mod not_found {
    crate::texts! {
        TITLE "not_found.title" "That page isn't here";
        UNDER "not_found.under" "The link may be old. Nothing of yours is lost.";
    }
}

/// Days and times.
pub mod when {
    use crate::lang::Text;

    crate::texts! {
        NO_FIXED_TIME "when.no_fixed_time" "No fixed time. We'll find one that suits.";
        DAY "when.day" "{weekday} {day} {month}";
        DAY_FROM "when.day_from" "{day}, {from}";
        DAY_FROM_TO "when.day_from_to" "{day}, {from} to {to}";
        DATE "when.date" "{day} {month} {year}";
        AM "when.am" "am";
        PM "when.pm" "pm";
        IN_PERSON "when.in_person" "In person";
        ONLINE "when.online" "Online";
        BY_PHONE "when.by_phone" "By phone";
        IN_PERSON_OR_ONLINE "when.in_person_or_online" "In person or online";
        PLACE "when.place" "{mode}, {place}";
        CALENDAR_TITLE "when.calendar_title" "Chorus";
        MONDAY "when.monday" "Monday";
        TUESDAY "when.tuesday" "Tuesday";
        WEDNESDAY "when.wednesday" "Wednesday";
        THURSDAY "when.thursday" "Thursday";
        FRIDAY "when.friday" "Friday";
        SATURDAY "when.saturday" "Saturday";
        SUNDAY "when.sunday" "Sunday";
        JANUARY "when.january" "January";
        FEBRUARY "when.february" "February";
        MARCH "when.march" "March";
        APRIL "when.april" "April";
        MAY "when.may" "May";
        JUNE "when.june" "June";
        JULY "when.july" "July";
        AUGUST "when.august" "August";
        SEPTEMBER "when.september" "September";
        OCTOBER "when.october" "October";
        NOVEMBER "when.november" "November";
        DECEMBER "when.december" "December";
    }

    /// Monday first.
    pub const WEEKDAYS: [Text; 7] = [
        MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY,
    ];

    /// January first.
    pub const MONTHS: [Text; 12] = [
        JANUARY, FEBRUARY, MARCH, APRIL, MAY, JUNE, JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER,
        DECEMBER,
    ];
}

/// The document around the screens, and the staff desk.
pub mod desk {
    crate::texts! {
        APP_NAME "app.name" "Chorus";
        APP_DESCRIPTION "app.description" "Take part, be heard, and find help. Works with no signal.";
        SHELL_OPENING "shell.opening" "Chorus is opening…";

        // The frame.
        DESK "desk.name" "Chorus desk";
        SKIP "desk.skip" "Skip to the page";
        SIGN_UPS "desk.sign_ups" "Sign-ups";
        CHECK_INS "desk.check_ins" "Check-ins";
        AUDIT "desk.audit" "Who read what";
        COUNT_NEW "desk.count_new" "not looked at";
        SIGNED_IN_AS "desk.signed_in_as" "Signed in as {name}";
        SIGN_OUT "desk.sign_out" "Sign out";
        SOMETHING_ARRIVED "desk.something_arrived" "The list has changed.";
        TO_THE_DESK "desk.to_the_desk" "Go to the desk";
        PAGES "desk.pages" "More of this list";
        LATER_ONES "desk.later" "Later ones";
        EARLIER_ONES "desk.earlier" "Earlier ones";
        TO_THE_OLDEST "desk.to_the_oldest" "Back to the oldest";
        TO_THE_FIRST "desk.to_the_first" "Back to the first";
        TO_THE_NEWEST "desk.to_the_newest" "Back to the newest";
        OPEN "desk.open" "Open";
        BACK "desk.back" "Back";
        NO_NAME "desk.no_name" "No name given";
        THIS_PERSON "desk.this_person" "this person";
        NOBODY_YET "desk.nobody_yet" "Nobody yet";

        // Signing in.
        SIGN_IN_TITLE "desk_sign_in.title" "Sign in to the desk";
        EMAIL "desk_sign_in.email" "Email";
        PASSWORD "desk_sign_in.password" "Password";
        SIGN_IN "desk_sign_in.do" "Sign in";
        SIGN_IN_HELP "desk_sign_in.help" "Can't sign in? Ask an admin in your organisation.";
        SIGN_IN_WRONG "desk_sign_in.wrong" "That email and password do not fit together. Check both and try again.";
        SIGN_IN_WAIT "desk_sign_in.wait" "Too many tries did not fit. Wait 15 minutes, then try again.";
        SET_UP_TITLE "desk_set_up.title" "Set up Chorus";
        SET_UP_WHY "desk_set_up.why" "You are the first. This makes your account as an admin. This page works once.";
        SET_UP_NAME "desk_set_up.name" "First name";
        SET_UP_NAME_HINT "desk_set_up.name_hint" "Members see this name, for example “Seen by Priya”.";
        SET_UP_PASSWORD_HINT "desk_set_up.password_hint" "At least 12 characters. A few words together are good.";
        SET_UP_DO "desk_set_up.do" "Make my account";
        SET_UP_NEEDS_NAME "desk_set_up.needs_name" "Please write your first name.";
        SET_UP_NEEDS_EMAIL "desk_set_up.needs_email" "Please write your email, with an @ in it.";
        SET_UP_NEEDS_PASSWORD "desk_set_up.needs_password" "Please choose a password of 12 characters or more.";

        // The list of sign-ups.
        LIST_NEW "desk_sign_ups.new" "Not looked at yet";
        LIST_TO_ANSWER "desk_sign_ups.to_answer" "Waiting for an answer";
        LIST_WAITING "desk_sign_ups.waiting" "On a waiting list";
        LIST_PLACED "desk_sign_ups.placed" "With a place";
        LIST_ENDED "desk_sign_ups.ended" "Over";
        TAB_NEW "desk_sign_ups.tab_new" "Not looked at";
        TAB_TO_ANSWER "desk_sign_ups.tab_to_answer" "To answer";
        TAB_WAITING "desk_sign_ups.tab_waiting" "Waiting list";
        TAB_PLACED "desk_sign_ups.tab_placed" "With a place";
        TAB_ENDED "desk_sign_ups.tab_ended" "Over";
        LIST_ORDER "desk_sign_ups.order" "Oldest first. Opening one tells the person that you have seen it.";
        LIST_EMPTY "desk_sign_ups.empty" "Nothing here just now.";
        FILTER_OPPORTUNITY "desk_sign_ups.filter" "For";
        FILTER_ALL "desk_sign_ups.filter_all" "All opportunities";
        FILTER_DO "desk_sign_ups.filter_do" "Show";
        COLUMN_WHO "desk_sign_ups.who" "Who";
        COLUMN_FOR "desk_sign_ups.for" "For";
        COLUMN_SENT "desk_sign_ups.sent" "Sent";
        COLUMN_ROOM "desk_sign_ups.room" "Room";
        COLUMN_ON_IT "desk_sign_ups.on_it" "Who's on it";
        OPEN_SIGN_UP "desk_sign_ups.open" "Open the sign-up of {who} for {what}";
        SENT_AND_MADE "desk_sign_ups.sent_and_made" "{sent}, made {made} with no signal";
        ROOM_PLENTY "desk_sign_ups.room_plenty" "Plenty";
        ROOM_LEFT "desk_sign_ups.room_left" "{left} of {places} left";
        ROOM_FULL "desk_sign_ups.room_full" "Full ({places})";
        ROOM_WAITING "desk_sign_ups.room_waiting" "{left} of {places} left, {waiting} waiting";

        // One sign-up.
        ALL_SIGN_UPS "desk_sign_up.all" "All sign-ups";
        SENT "desk_sign_up.sent" "Sent: {when}.";
        SEEN_BY "desk_sign_up.seen_by" "Opened first by {who}, {when}.";
        STATE_RECEIVED "desk_sign_up.received" "Waits for an answer";
        STATE_WAITING "desk_sign_up.waiting" "Waiting list: number {position}";
        STATE_OFFERED "desk_sign_up.offered" "Has an offer to answer";
        STATE_CONFIRMED "desk_sign_up.confirmed" "✓ Has a place";
        STATE_ATTENDED "desk_sign_up.attended" "✓ Came";
        STATE_NOT_THERE "desk_sign_up.not_there" "Couldn't come";
        STATE_WITHDRAWN "desk_sign_up.withdrawn" "Taken back by the person";
        STATE_CANCELLED "desk_sign_up.cancelled" "Cancelled by us";
        NEEDS "desk_sign_up.needs" "What {who} needs";
        NEEDS_NOTHING "desk_sign_up.needs_nothing" "All of this was left blank. That's fine.";
        NEEDS_GONE "desk_sign_up.needs_gone" "What was written here was removed when the sign-up ended.";
        REACH "desk_sign_up.reach" "How to reach them";
        REACH_PHONE "desk_sign_up.reach_phone" "Ring";
        REACH_TEXT "desk_sign_up.reach_text" "Text";
        REACH_EMAIL "desk_sign_up.reach_email" "Email";
        REACH_WORKER "desk_sign_up.reach_worker" "Through their worker,";
        SAFE_TO_LEAVE "desk_sign_up.safe" "It is safe to leave a message.";
        NOT_SAFE_TO_LEAVE "desk_sign_up.not_safe" "Do not leave a message there.";
        ACCESS "desk_sign_up.access" "What would make it easier";
        ACCESS_MAY_BE_TOLD "desk_sign_up.access_may" "You may tell the people who run the session.";
        ACCESS_NOT_TO_BE_TOLD "desk_sign_up.access_may_not" "Do not pass this on without asking first.";
        TRAVEL "desk_sign_up.travel" "Travel";
        TRAVEL_FIRST "desk_sign_up.travel_first" "Please pay it before the day.";
        ANYTHING_ELSE "desk_sign_up.else" "Anything else";
        SESSION "desk_sign_up.session" "The session";
        WHEN "desk_sign_up.when" "When";
        WHERE "desk_sign_up.where" "Where";
        PLACES_GIVEN "desk_sign_up.gives" "How places are given";
        GIVES_FIRST "desk_sign_up.gives_first" "At once, in the order they are asked for";
        GIVES_STAFF "desk_sign_up.gives_staff" "By staff, after someone has looked";
        MESSAGE_SENT "desk_sign_up.message" "Your words to {who}";
        ANSWER "desk_sign_up.answer" "Answer {who}";
        WORDS_IF_YOU_LIKE "desk_sign_up.words_if" "A few words for {who}, if you like";
        WORDS_FOR "desk_sign_up.words_for" "Your words for {who}";
        WORDS_HINT "desk_sign_up.words_hint" "They go to the phone of {who}. You see them as they will look before they go.";
        WORDS_CANCEL_HINT "desk_sign_up.words_cancel_hint" "Say why, and what could come next. It helps to start with “Not this time, because…”.";
        WORDS_MISSING "desk_sign_up.words_missing" "Please write a few words for {who}. Nobody is turned down without a word.";
        DO_CONFIRM "desk_sign_up.confirm" "Give a place";
        DO_WAIT "desk_sign_up.wait" "Put on the waiting list";
        DO_CANCEL "desk_sign_up.cancel" "Take the place away…";
        DO_NOT_THIS_TIME "desk_sign_up.not_this_time" "Not this time…";
        FULL_SO_WAIT "desk_sign_up.full_so_wait" "The session is full.";
        FULL_STILL "desk_sign_up.full_still" "The session is full. When a place is free, you can give it here.";
        WRITE_CONFIRM "desk_sign_up.write_confirm" "Words for {who}";
        WRITE_CANCEL "desk_sign_up.write_cancel" "Not this time for {who}";
        WRITE_TAKE_AWAY "desk_sign_up.write_take_away" "Take the place of {who} away";
        SEE_FIRST "desk_sign_up.see_first" "See what {who} will see";
        PREVIEW "desk_sign_up.preview" "This is what {who} will see";
        PREVIEW_WHY "desk_sign_up.preview_why" "Nothing has been sent yet.";
        PREVIEW_LABEL "desk_sign_up.preview_label" "On the phone";
        SEND_CONFIRM "desk_sign_up.send_confirm" "Give the place and send this";
        SEND_CANCEL "desk_sign_up.send_cancel" "Send this and cancel";
        CHANGE_WORDS "desk_sign_up.change" "Change the words";
        CANCEL_FREES "desk_sign_up.cancel_frees" "The place is then free for someone else.";
        STAFF_NOTE "desk_sign_up.note" "Note for staff";
        STAFF_NOTE_HINT "desk_sign_up.note_hint" "Only staff see this. It never goes to a phone.";
        KEEP_NOTE "desk_sign_up.keep_note" "Keep the note";
        DONE_CONFIRMED "desk_sign_up.done_confirmed" "Done. The phone of {who} will say: “You have a place”.";
        DONE_WAITS "desk_sign_up.done_waits" "No place was free, so {who} is on the waiting list now. No words were sent.";
        DONE_CANCELLED "desk_sign_up.done_cancelled" "Done. Your words go to the phone of {who}.";
        DONE_NOTED "desk_sign_up.done_noted" "The note is kept.";
        DONE_NO_LONGER "desk_sign_up.done_no_longer" "Nothing was changed: this sign-up had ended already.";

        // Shared check-ins.
        CHECK_INS_NEW "desk_check_ins.new" "Not opened yet";
        CHECK_INS_OPENED "desk_check_ins.opened" "Opened";
        TAB_CHECK_INS_NEW "desk_check_ins.tab_new" "Not opened";
        TAB_CHECK_INS_OPENED "desk_check_ins.tab_opened" "Opened";
        CHECK_INS_ORDER "desk_check_ins.order" "Those who asked for something first, then the oldest. Opening one tells the person that you have seen it.";
        CHECK_INS_EMPTY "desk_check_ins.empty" "Nothing here just now.";
        COLUMN_WANTS "desk_check_ins.wants" "Asked for";
        COLUMN_TEAM "desk_check_ins.team" "Team";
        COLUMN_OPENED "desk_check_ins.opened_by" "Opened by";
        WANTS_KNOW "desk_check_ins.know" "Just so you know";
        WANTS_MESSAGE "desk_check_ins.message" "A message";
        WANTS_CALL "desk_check_ins.call" "A call";
        OPEN_CHECK_IN "desk_check_ins.open" "Open the check-in of {who}";
        ALL_CHECK_INS "desk_check_in.all" "All check-ins";
        SHARED_WITH "desk_check_in.shared" "Shared with {team}. Sent: {when}.";
        ASKED_FOR "desk_check_in.asked" "What {who} would like";
        CANNOT_REACH "desk_check_in.cannot_reach" "They did not say how to reach them.";
        HOW_THINGS_ARE "desk_check_in.things" "How things are";
        TOLD_WHO_OPENED "desk_check_in.told" "The phone of {who} says: “Seen by {by}”.";
        READING_IS_WRITTEN "desk_check_in.written" "Each reading is written down, with who read it.";
        FEELING_GOOD "desk_check_in.good" "Good";
        FEELING_OK "desk_check_in.ok" "OK";
        FEELING_UP_AND_DOWN "desk_check_in.up_and_down" "Up and down";
        FEELING_HARD "desk_check_in.hard" "Hard";
        FEELING_VERY_HARD "desk_check_in.very_hard" "Very hard";
        FEELING_NOT_SAID "desk_check_in.not_said" "Would rather not say";

        // The audit log.
        AUDIT_TITLE "desk_audit.title" "Who read what";
        AUDIT_ORDER "desk_audit.order" "Newest first. Nothing here can be changed or removed.";
        AUDIT_EMPTY "desk_audit.empty" "Nothing has been read or done yet.";
        COLUMN_DID "desk_audit.did" "What they did";
        COLUMN_WHEN "desk_audit.when" "When";
        COLUMN_ABOUT "desk_audit.about" "About whom";
        AUDIT_SIGN_UP_READ "desk_audit.sign_up_read" "Opened a sign-up";
        AUDIT_SIGN_UP_CONFIRM "desk_audit.sign_up_confirm" "Gave a place";
        AUDIT_SIGN_UP_CANCEL "desk_audit.sign_up_cancel" "Cancelled a sign-up";
        AUDIT_SIGN_UP_NOTE "desk_audit.sign_up_note" "Wrote a note for staff";
        AUDIT_CHECK_IN_READ "desk_audit.check_in_read" "Read a check-in";

        // Times.
        TODAY "desk_when.today" "today";
        YESTERDAY "desk_when.yesterday" "yesterday";
        MORNING "desk_when.am" "am";
        AFTERNOON "desk_when.pm" "pm";
        MONDAY "desk_when.monday" "Monday";
        TUESDAY "desk_when.tuesday" "Tuesday";
        WEDNESDAY "desk_when.wednesday" "Wednesday";
        THURSDAY "desk_when.thursday" "Thursday";
        FRIDAY "desk_when.friday" "Friday";
        SATURDAY "desk_when.saturday" "Saturday";
        SUNDAY "desk_when.sunday" "Sunday";
        JANUARY "desk_when.january" "January";
        FEBRUARY "desk_when.february" "February";
        MARCH "desk_when.march" "March";
        APRIL "desk_when.april" "April";
        MAY "desk_when.may" "May";
        JUNE "desk_when.june" "June";
        JULY "desk_when.july" "July";
        AUGUST "desk_when.august" "August";
        SEPTEMBER "desk_when.september" "September";
        OCTOBER "desk_when.october" "October";
        NOVEMBER "desk_when.november" "November";
        DECEMBER "desk_when.december" "December";
    }
}

/// What the server says when it cannot do what was asked.
pub mod refused {
    crate::texts! {
        MALFORMED "server.malformed" "Sorry, that could not be read.";
        SIGN_IN "server.sign_in" "Please sign in again.";
        FORBIDDEN "server.forbidden" "Sorry, that is not open to you.";
        CROSS_SITE "server.cross_site" "That came from another site, so nothing was done.";
        DEVICE_REVOKED "server.device_revoked" "This phone was asked to be cleared.";
        NOT_FOUND "server.not_found" "Sorry, there is nothing here.";
        OTHER_MEMBER "server.other_member" "Someone else is using Chorus on this phone.";
        TOO_LARGE "server.too_large" "Sorry, that is too long to send.";
        UNKNOWN_CODE "server.unknown_code" "We don't know that code. Check it and try again.";
        UPDATE_REQUIRED "server.update_required" "A newer Chorus is needed to send this. It is safe here until then.";
        TOO_MANY "server.too_many" "Too many tries. Wait a few minutes, then try again.";
        BUSY "server.busy" "Chorus is busy. Try again soon.";
        INTERNAL "server.internal" "Sorry, something went wrong here. Nothing was lost.";
    }
}

/// What the phone itself says when it could not do something.
pub mod phone {
    crate::texts! {
        STORE_FULL "phone.store_full" "This phone is full.";
        STORE_CLOSED "phone.store_closed" "The browser won't keep things for Chorus.";
        TOO_LARGE "phone.too_large" "That is too long to send. Try a shorter one.";
        TOO_LATE "phone.too_late" "That can't be changed any more.";
    }
}
