/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Device memory: its pages, who has which, and which were used least recently. */
#ifndef _FAULTLINE_VRAM_H_
#define _FAULTLINE_VRAM_H_

#include <linux/mm.h>

#include "faultline.h"
#include "faultline_vram_types.h"

struct faultline_device;

#ifdef FAULTLINE_DEVICE_MEMORY

#define FAULTLINE_VRAM_FEATURES	FAULTLINE_FEATURE_DEVICE_MEMORY

void faultline_vram_init(struct faultline_device *fdev);
int faultline_vram_open(struct faultline_device *fdev);
struct folio *faultline_vram_alloc(struct faultline_device *fdev,
				   unsigned int order);
bool faultline_vram_has_room(struct faultline_device *fdev, u32 pages);
u32 faultline_vram_oldest(struct faultline_device *fdev, unsigned long *pfns);
void faultline_vram_stop(struct faultline_device *fdev);
void faultline_vram_start(struct faultline_device *fdev);
bool faultline_vram_is_idle(struct faultline_device *fdev);
void faultline_vram_unmap(struct faultline_device *fdev);
void faultline_vram_abandon(struct faultline_device *fdev);

/* A device-private page of this device, not of another. */
static inline bool faultline_vram_is_of(const struct page *page,
					const struct faultline_device *fdev)
{
	return page_pgmap(page)->owner == fdev;
}

struct faultline_device *faultline_vram_device(const struct page *page);
u64 faultline_vram_address(const struct page *page);
void faultline_vram_touch(const struct page *page);

#else /* the mirror never meets such a page */

#define FAULTLINE_VRAM_FEATURES	0

static inline void faultline_vram_init(struct faultline_device *fdev) { }

static inline void faultline_vram_stop(struct faultline_device *fdev) { }

static inline void faultline_vram_start(struct faultline_device *fdev) { }

static inline bool faultline_vram_is_of(const struct page *page,
					const struct faultline_device *fdev)
{
	return false;
}

static inline u64 faultline_vram_address(const struct page *page)
{
	return 0;
}

static inline void faultline_vram_touch(const struct page *page) { }

#endif

#endif /* _FAULTLINE_VRAM_H_ */
