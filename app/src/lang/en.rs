//! English. Short words, short sentences: reading age about 9.

crate::texts! {
    TODAY_HELLO "today.hello" "Hello.";
    TODAY_HELLO_NAME "today.hello_name" "Hello, {name}.";
    HELP_NOW "help_now.button" "Help now";

    // Refusals: why the server gave something back.
    REFUSED_MALFORMED "refused.malformed" "Something in this could not be read. Your words are safe here. Please try again.";
    REFUSED_ID_REUSED "refused.id_reused" "This was mixed up with something sent before. Your words are safe here. Please try again.";
    REFUSED_TOO_LARGE "refused.too_large" "This is too long to send. Your words are safe here. Please make it shorter.";
    REFUSED_NOT_YOURS "refused.not_yours" "This belongs to someone else, so it was not changed.";
    REFUSED_NO_SUCH_SESSION "refused.no_such_session" "This session is not there any more. Sorry. Your words are safe here.";
    REFUSED_SESSION_CLOSED "refused.session_closed" "This session is not taking more people now. Sorry. Your words are safe here.";
    REFUSED_ALREADY_SIGNED_UP "refused.already_signed_up" "You asked for a place in this session before. There is no need to ask again.";
    REFUSED_NO_OFFER "refused.no_offer" "There is no offer to answer here now.";
    REFUSED_NOT_YOUR_TEAM "refused.not_your_team" "You are not with this team now, so it was not sent. Your words are safe here.";
    REFUSED_CONSENT_NEEDED "refused.consent_needed" "Please say yes to sharing first. Your words are safe here.";
}

/// The document around the screens, and the staff desk.
pub mod desk {
    crate::texts! {
        APP_NAME "app.name" "Chorus";
        APP_DESCRIPTION "app.description" "Take part, be heard, and find help. Works with no signal.";
        SHELL_OPENING "shell.opening" "Chorus is opening…";
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
