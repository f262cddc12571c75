//! The sources in memory: who fetches which.

use crate::library::Error;
use crate::library::sources::{Source, SourceId, Standing, Wishes};
use chrono::{DateTime, Utc};
use std::path::PathBuf;

/// All sources, with their claims.
#[derive(Default)]
pub struct Roster {
    sources: Vec<(Source, Option<Claim>)>,
    last: i64,
}

#[derive(Clone, Copy)]
struct Claim {
    claimant: i64,
    until: DateTime<Utc>,
}

impl Roster {
    /// All sources, by name.
    pub fn all(&self) -> Vec<Source> {
        let mut sources: Vec<Source> = self.sources.iter().map(|(source, _)| source.clone()).collect();
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        sources
    }

    pub fn add(
        &mut self,
        address: &str,
        name: &str,
        site: Option<&str>,
        wishes: &Wishes,
    ) -> Result<SourceId, Error> {
        if self.sources.iter().any(|(source, _)| source.address == address) {
            return Err(Error::Storage {
                path: PathBuf::new(),
                source: "two sources have one address".into(),
            });
        }
        let name = self.free_name(name, address, None);
        self.last += 1;
        let source = Source {
            id: SourceId(self.last),
            address: address.to_owned(),
            name,
            site: site.map(str::to_owned),
            wishes: wishes.clone(),
            standing: Standing::default(),
        };
        self.sources.push((source, None));
        Ok(SourceId(self.last))
    }

    pub fn change(&mut self, id: SourceId, change: impl FnOnce(&mut Source)) {
        if let Some((source, _)) = self.sources.iter_mut().find(|(source, _)| source.id == id) {
            change(source);
        }
    }

    pub fn remove(&mut self, id: SourceId) {
        self.sources.retain(|(source, _)| source.id != id);
    }

    pub fn claim(
        &mut self,
        ids: &[SourceId],
        claimant: i64,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Vec<SourceId> {
        let mut claimed = Vec::new();
        for id in ids {
            let Some((_, claim)) = self.sources.iter_mut().find(|(source, _)| source.id == *id) else {
                continue;
            };
            if claim.is_none_or(|claim| claim.claimant == claimant || claim.until <= now) {
                *claim = Some(Claim { claimant, until });
                claimed.push(*id);
            }
        }
        claimed
    }

    pub fn hold(&mut self, claimant: i64, until: DateTime<Utc>) {
        let claims = self.sources.iter_mut().filter_map(|(_, claim)| claim.as_mut());
        claims.filter(|claim| claim.claimant == claimant).for_each(|claim| claim.until = until);
    }

    pub fn give_back(&mut self, claimant: i64) {
        for (_, claim) in &mut self.sources {
            *claim = claim.filter(|claim| claim.claimant != claimant);
        }
    }

    pub fn record(&mut self, standings: &[(SourceId, Standing)]) {
        for (id, standing) in standings {
            if let Some((source, claim)) = self.sources.iter_mut().find(|(source, _)| source.id == *id) {
                standing.clone_into(&mut source.standing);
                *claim = None;
            }
        }
    }

    /// Changes the address of a source, unless another source has that address.
    pub fn relocate(&mut self, id: SourceId, address: &str) -> bool {
        let taken = self.sources.iter().any(|(source, _)| source.id != id && source.address == address);
        if !taken {
            self.change(id, |source| address.clone_into(&mut source.address));
        }
        !taken
    }

    pub fn name(&mut self, id: SourceId, name: &str) -> String {
        let address = self.sources.iter().find(|(source, _)| source.id == id);
        let address = address.map(|(source, _)| source.address.clone()).unwrap_or_default();
        let name = self.free_name(name, &address, Some(id));
        self.change(id, |source| source.name.clone_from(&name));
        name
    }

    /// `name`, or the first name made from it and the host that no other source has.
    fn free_name(&self, name: &str, address: &str, own: Option<SourceId>) -> String {
        let taken =
            |name: &str| self.sources.iter().any(|(source, _)| Some(source.id) != own && source.name == name);
        let host = address.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or(address);
        let mut free = name.to_owned();
        for number in 1.. {
            if !taken(&free) {
                break;
            }
            let ending = if number == 1 { String::new() } else { format!(" {number}") };
            free = format!("{name} ({host}){ending}");
        }
        free
    }
}
