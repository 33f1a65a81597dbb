// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Does one wrong thing while it loads, so that a test can see that the debug kernel notices: insmod splat.ko kind=NAME. */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static char *kind = "";
module_param(kind, charp, 0);

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spinning);

static void lock_order(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void sleep_in_atomic(void)
{
	spin_lock(&spinning);
	msleep(1);
	spin_unlock(&spinning);
}

static void rcu_without_lock(void)
{
	static int __rcu *pointer;

	pr_info("%p\n", rcu_dereference(pointer));
}

static void shift_too_far(void)
{
	static volatile int bits = 32;

	pr_info("%d\n", 1 << bits);
}

static void use_after_free(void)
{
	int *memory = kmalloc(64, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(memory);
	kfree(memory);
	WRITE_ONCE(*memory, 1);
}

/* As a device does: KASAN does not see it. */
static void write_to_free_page(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL), other;
	int i;

	free_page(page);
	__raw_writel(0x12345678, (void __iomem *)(page + 128));
	for (i = 0; i < 64; i++)
		other = __get_free_page(GFP_KERNEL);
}

static void dma_unmap_twice(void)
{
	struct pci_dev *pdev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, NULL);

	dma_unmap_page(&pdev->dev, 0x1000, PAGE_SIZE, DMA_BIDIRECTIONAL);
	pci_dev_put(pdev);
}

static void list_delete_twice(void)
{
	LIST_HEAD(list);
	LIST_HEAD(entry);

	list_add(&entry, &list);
	list_del(&entry);
	list_del(&entry);
}

static void timer_freed(struct timer_list *unused)
{
}

static void free_running_timer(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	timer_setup(timer, timer_freed, 0);
	mod_timer(timer, jiffies + 1000 * HZ);
	kfree(timer);
}

static const struct {
	const char *name;
	void (*run)(void);
} splats[] = {
	{ "lock_order", lock_order },
	{ "sleep_in_atomic", sleep_in_atomic },
	{ "rcu_without_lock", rcu_without_lock },
	{ "shift_too_far", shift_too_far },
	{ "use_after_free", use_after_free },
	{ "write_to_free_page", write_to_free_page },
	{ "dma_unmap_twice", dma_unmap_twice },
	{ "list_delete_twice", list_delete_twice },
	{ "free_running_timer", free_running_timer },
};

static int __init splat_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(splats); i++) {
		if (strcmp(kind, splats[i].name))
			continue;
		splats[i].run();
		return 0;
	}
	return -EINVAL;
}
module_init(splat_init);

static void __exit splat_exit(void)
{
}
module_exit(splat_exit);

MODULE_DESCRIPTION("Mistakes that a debug kernel notices");
MODULE_LICENSE("Dual MIT/GPL");
