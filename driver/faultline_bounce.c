// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Bounce memory: grows as needed, stays mapped, by 2 MiB entries. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "faultline_bounce.h"
#include "faultline_mirror.h"
#include "faultline_vm.h"

/*
 * The fault service maps nothing beyond the process's addresses, so these
 * entries are written once and stay until the address space is closed.
 */
static int map_chunk(struct faultline_vm *vm, struct faultline_window *window,
		     u64 va, void *chunk)
{
	struct faultline_target target = {
		.page = virt_to_page(chunk),
		.writable = true,
	};
	int ret;

	faultline_vm_assert_entered(vm);
	ret = faultline_table_prepare(&vm->table, &window->spares);
	if (ret)
		return ret;
	mutex_lock(&vm->lock);
	if (vm->dead)
		ret = -ENODEV;
	else
		ret = faultline_table_map(&vm->table, &window->spares, va,
					  FAULTLINE_LEVEL_PDE0, &target);
	mutex_unlock(&vm->lock);
	return min(ret, 0);
}

static int add_chunk(struct faultline_vm *vm, struct faultline_bounce *bounce,
		     struct faultline_window *window)
{
	u64 va = FAULTLINE_BOUNCE_VA + (u64)bounce->count * FAULTLINE_BOUNCE_CHUNK;
	void *chunk;
	int ret;

	chunk = (void *)__get_free_pages(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL,
					 get_order(FAULTLINE_BOUNCE_CHUNK));
	if (!chunk)
		return -ENOMEM;
	ret = map_chunk(vm, window, va, chunk);
	if (ret) {
		free_pages((unsigned long)chunk,
			   get_order(FAULTLINE_BOUNCE_CHUNK));
		return ret;
	}
	bounce->chunks[bounce->count++] = chunk;
	return 0;
}

static int add_chunks(struct faultline_vm *vm, struct faultline_bounce *bounce,
		      u32 count)
{
	struct faultline_window *window;
	void **chunks;
	int ret = 0;

	chunks = kvcalloc(count, sizeof(*chunks), GFP_KERNEL_ACCOUNT);
	window = faultline_window_create();
	if (chunks && window) {
		if (bounce->count)
			memcpy(chunks, bounce->chunks,
			       bounce->count * sizeof(*chunks));
		swap(chunks, bounce->chunks);
		while (!ret && bounce->count < count)
			ret = add_chunk(vm, bounce, window);
	} else {
		ret = -ENOMEM;
	}
	kvfree(chunks);
	if (window)
		faultline_window_destroy(vm, window);
	return ret;
}

/**
 * faultline_bounce_grow - have at least so much
 * @vm: the address space
 * @bounce: its bounce memory
 * @bytes: how much; its content is undefined
 *
 * Return: 0, -ENOMEM, -EIO, or -ENODEV when the address space is closed.
 */
int faultline_bounce_grow(struct faultline_vm *vm,
			  struct faultline_bounce *bounce, u64 bytes)
{
	u32 count = DIV_ROUND_UP_ULL(bytes, FAULTLINE_BOUNCE_CHUNK);
	int ret;

	if (bytes > FAULTLINE_BOUNCE_VA / 2)
		return -ENOMEM;
	if (count <= bounce->count)
		return 0;
	if (!faultline_vm_enter(vm))
		return -ENODEV;
	ret = add_chunks(vm, bounce, count);
	faultline_vm_exit(vm);
	return ret;
}

/* The address space is closed. */
void faultline_bounce_free(struct faultline_bounce *bounce)
{
	while (bounce->count)
		free_pages((unsigned long)bounce->chunks[--bounce->count],
			   get_order(FAULTLINE_BOUNCE_CHUNK));
	kvfree(bounce->chunks);
	bounce->chunks = NULL;
}

/* To user space. Return: 0 or -EFAULT. */
int faultline_bounce_read(const struct faultline_bounce *bounce,
			  void __user *to, u64 bytes)
{
	u64 at, some;

	for (at = 0; at < bytes; at += some) {
		some = min_t(u64, bytes - at, FAULTLINE_BOUNCE_CHUNK);
		if (copy_to_user(to + at,
				 bounce->chunks[at / FAULTLINE_BOUNCE_CHUNK], some))
			return -EFAULT;
	}
	return 0;
}

/* From user space. Return: 0 or -EFAULT. */
int faultline_bounce_write(struct faultline_bounce *bounce,
			   const void __user *from, u64 bytes)
{
	u64 at, some;

	for (at = 0; at < bytes; at += some) {
		some = min_t(u64, bytes - at, FAULTLINE_BOUNCE_CHUNK);
		if (copy_from_user(bounce->chunks[at / FAULTLINE_BOUNCE_CHUNK],
				   from + at, some))
			return -EFAULT;
	}
	return 0;
}
