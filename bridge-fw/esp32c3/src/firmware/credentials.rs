//! The stored network in the flash of this chip: the first two sectors of the partition `nvs`, which every partition table
//! has and nothing else here uses. Its form, and what power loss may do, is `store`'s.

use esp_bootloader_esp_idf::partitions::{
    DataPartitionSubType, PARTITION_TABLE_MAX_LEN, PartitionType, read_partition_table,
};
use esp_bootloader_esp_idf::partitions::{FlashStorage, NorFlashRegion};
use esp_hal::peripherals::FLASH;
use fivewire_bridge::LogLevel;

use super::log;
use crate::store::{Kept, Network, Store};

const PARTITION: PartitionType = PartitionType::Data(DataPartitionSubType::Nvs);

/// Flash that does not obey is as good as none: it is told, and nothing is stored.
pub(super) struct Credentials(FlashStorage<'static>);

impl Credentials {
    pub(super) fn new(flash: FLASH<'static>) -> Self {
        Self(FlashStorage::new(flash))
    }

    /// The stored network, if there is one.
    pub(super) fn read(&mut self) -> Option<Network> {
        self.with(|store| match store.read() {
            Ok(network) => network,
            Err(error) => {
                log::line(LogLevel::Error, format_args!("stored network: {error}"));
                None
            }
        })
        .flatten()
    }

    /// Stores a network, unless it is the stored one. Says so before as well: what is seen is when power may fail.
    pub(super) fn keep(&mut self, network: &Network) {
        self.with(|store| {
            if store.read().is_ok_and(|stored| stored.as_ref() != Some(network)) {
                log::line(LogLevel::Info, format_args!("stored network: writing"));
            }
            match store.keep(network) {
                Ok(Kept::Already) => {}
                Ok(Kept::Written) => log::line(LogLevel::Info, format_args!("stored network: written")),
                Err(error) => log::line(LogLevel::Error, format_args!("stored network: {error}")),
            }
        });
    }

    fn with<R>(&mut self, act: impl FnOnce(&mut Store<NorFlashRegion<'_, '_, '_>>) -> R) -> Option<R> {
        let mut table = [0; PARTITION_TABLE_MAX_LEN];
        let partition = read_partition_table(&mut self.0, &mut table)
            .ok()
            .and_then(|table| table.find_partition(PARTITION).ok().flatten());
        let Some(partition) = partition else {
            log::line(LogLevel::Error, format_args!("stored network: no partition nvs"));
            return None;
        };
        let mut region = partition.as_flash_region(&mut self.0);
        let store = region.as_nor_flash().ok().map(Store::new);
        match store {
            Some(Ok(mut store)) => Some(act(&mut store)),
            Some(Err(error)) => {
                log::line(LogLevel::Error, format_args!("stored network: {error}"));
                None
            }
            None => {
                log::line(
                    LogLevel::Error,
                    format_args!("stored network: the partition is encrypted"),
                );
                None
            }
        }
    }
}
