// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Which mistake is made: in builds with FAULTLINE_MISTAKES=1 only. */
#include <linux/module.h>
#include <linux/string.h>

#include "faultline_mistake.h"

static const char *const names[] = {
	[FAULTLINE_MISTAKE_NONE] = "none",
	[FAULTLINE_MISTAKE_NO_INVALIDATE] = "no_invalidate",
	[FAULTLINE_MISTAKE_SHORT_INVALIDATE] = "short_invalidate",
	[FAULTLINE_MISTAKE_NO_ZAP] = "no_zap",
	[FAULTLINE_MISTAKE_IGNORE_MIGRATE] = "ignore_migrate",
	[FAULTLINE_MISTAKE_WILD_PTE] = "wild_pte",
	[FAULTLINE_MISTAKE_WILD_PDE] = "wild_pde",
	[FAULTLINE_MISTAKE_KEEP_VALID] = "keep_valid",
	[FAULTLINE_MISTAKE_EARLY_GET] = "early_get",
	[FAULTLINE_MISTAKE_NO_SERVICE] = "no_service",
	[FAULTLINE_MISTAKE_LOST_INVALIDATE] = "lost_invalidate",
	[FAULTLINE_MISTAKE_SHORT_OF_RAM] = "short_of_ram",
	[FAULTLINE_MISTAKE_LOST_COPY] = "lost_copy",
};

static int selected;

bool faultline_mistake_is(enum faultline_mistake mistake)
{
	return READ_ONCE(selected) == mistake;
}

static int mistake_set(const char *value, const struct kernel_param *param)
{
	int index = sysfs_match_string(names, value);

	if (index < 0)
		return index;
	WRITE_ONCE(selected, index);
	return 0;
}

static int mistake_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%s\n", names[READ_ONCE(selected)]);
}

static const struct kernel_param_ops mistake_ops = {
	.set = mistake_set,
	.get = mistake_get,
};

module_param_cb(mistake, &mistake_ops, NULL, 0644);
MODULE_PARM_DESC(mistake, "the mistake to make, for tests (default: none)");
