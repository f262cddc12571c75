//! What the errors of the network mean to a person: what is wrong, and what can be done.
//!
//! In: the errors of the HTTP and TLS libraries, and statuses. Out: clauses for the end of a message. The words of the
//! libraries themselves are kept only for errors that this file does not know, after `details:`.

use crate::fault::{details, reason};
use rustls::{AlertDescription, CertificateError, Error as TlsError};
use std::io;

/// The error of the TLS library within an error of input or output.
pub(super) fn tls_within(error: &io::Error) -> Option<&TlsError> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>())
}

/// Why there is no secure connection.
pub(super) fn tls(error: &TlsError) -> String {
    let known = match error {
        TlsError::InvalidCertificate(error) => return certificate(error).to_owned(),
        TlsError::NoCertificatesPresented => "it shows no certificate; the site has to correct that",
        TlsError::InvalidMessage(_) => "it does not answer in TLS; an address with http:// may work",
        TlsError::PeerIncompatible(_) | TlsError::NoApplicationProtocol => {
            "it knows only versions of TLS that are no longer safe; the site has to correct that"
        }
        TlsError::AlertReceived(alert) => match alert {
            AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion => {
                "it refuses the versions of TLS that are safe; the site has to correct that"
            }
            AlertDescription::UnrecognisedName => "it does not know this host; check the address",
            AlertDescription::CertificateRequired | AlertDescription::BadCertificate => {
                "it requires a certificate from us, which dateline cannot send"
            }
            _ => "it ended the connection with an alert; try again later",
        },
        other => return details(&other.to_string()),
    };
    known.to_owned()
}

fn certificate(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired; check the clock of this machine, or wait until the site renews it"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet; check the clock of this machine"
        }
        CertificateError::UnknownIssuer => {
            "the issuer of its certificate is not known here; if you trust it, add its certificate to those of the system"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another host; check the address"
        }
        CertificateError::Revoked => "its certificate was revoked; the site has to replace it",
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "its certificate is not one of a server; the site has to replace it"
        }
        _ => "its certificate is not valid; the site has to replace it",
    }
}

/// What somebody can do about a status, after a semicolon; empty where nobody knows.
pub(super) fn remedy(status: u16) -> &'static str {
    match status {
        403 | 451 => "; the site does not want it to be read, at least from here",
        404 | 400 | 406 => "; check the address, or look for the feed on the site",
        405 | 411..=417 => "; check the address",
        408 | 425 | 500..=599 => "; the fault is with the site; try again later",
        _ => "",
    }
}

/// Why an answer could not be read to its end.
pub(super) fn cut(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => {
            "the connection ended before it was complete; try again later".to_owned()
        }
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            "it is not compressed as the server says; the site has to correct that".to_owned()
        }
        _ => reason(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_certificate_error_says_what_to_do() {
        let check = |error: CertificateError, expected: &str| {
            let told = tls(&TlsError::InvalidCertificate(error));
            assert!(told.contains(expected) && told.contains("; "), "{told}");
        };
        check(CertificateError::Expired, "has expired");
        check(CertificateError::NotValidYet, "not valid yet; check the clock");
        check(CertificateError::UnknownIssuer, "issuer of its certificate is not known");
        check(CertificateError::NotValidForName, "for another host; check the address");
        check(CertificateError::Revoked, "revoked");
        check(CertificateError::BadSignature, "is not valid");
        assert_eq!(tls(&TlsError::General("odd".to_owned())), "details: unexpected error: odd");
    }
}
