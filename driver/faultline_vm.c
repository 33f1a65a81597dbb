// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Address spaces: instance block, lifetime, and the way from a packet to its address space. */
#include <linux/dma-mapping.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "faultline_access.h"
#include "faultline_compat.h"
#include "faultline_mirror.h"
#include "faultline_service.h"
#include "faultline_table.h"
#include "faultline_tlb.h"
#include "faultline_vm.h"

/* The subcontext that stream channels use. */
#define INSTANCE_VEID	0

static u32 page_dir_base(u64 pdb)
{
	return FIELD_PREP(FAULTLINE_INSTANCE_BLOCK_PAGE_DIR_BASE_TARGET,
			  FAULTLINE_PDB_TARGET_SYS_COHERENT) |
	       FIELD_PREP(FAULTLINE_INSTANCE_BLOCK_PAGE_DIR_BASE_FAULT_REPLAY_TEX, 1) |
	       FIELD_PREP(FAULTLINE_INSTANCE_BLOCK_USE_VER2_PT_FORMAT, 1) |
	       FIELD_PREP(FAULTLINE_INSTANCE_BLOCK_BIG_PAGE_SIZE, 1) |
	       FIELD_PREP(FAULTLINE_INSTANCE_BLOCK_PAGE_DIR_BASE_LO,
			  lower_32_bits(pdb) >> FAULTLINE_INSTANCE_BLOCK_BASE_SHIFT);
}

static void set_word(struct faultline_vm *vm, u32 word, u32 value)
{
	vm->instance[word] = cpu_to_le32(value);
}

/* dev_ram: the main page directory, and that of each subcontext. */
static void fill_instance(struct faultline_vm *vm)
{
	u64 pdb = faultline_table_pdb(&vm->table);
	u32 i;

	set_word(vm, FAULTLINE_INSTANCE_BLOCK_PAGE_DIR_BASE_LO_WORD,
		 page_dir_base(pdb));
	set_word(vm, FAULTLINE_INSTANCE_BLOCK_PAGE_DIR_BASE_HI_WORD,
		 upper_32_bits(pdb));
	for (i = 0; i < FAULTLINE_INSTANCE_BLOCK_SC_PAGE_DIR_BASE_LO_COUNT; i++) {
		if (i == INSTANCE_VEID) {
			set_word(vm, FAULTLINE_INSTANCE_BLOCK_SC_PAGE_DIR_BASE_LO_WORD(i),
				 page_dir_base(pdb));
			set_word(vm, FAULTLINE_INSTANCE_BLOCK_SC_PAGE_DIR_BASE_HI_WORD(i),
				 upper_32_bits(pdb));
		} else {
			set_word(vm, FAULTLINE_INSTANCE_BLOCK_SC_PAGE_DIR_BASE_TARGET_WORD(i),
				 FIELD_PREP(FAULTLINE_INSTANCE_BLOCK_SC_PAGE_DIR_BASE_TARGET,
					    FAULTLINE_PDB_TARGET_INVALID));
		}
	}
	set_word(vm, FAULTLINE_INSTANCE_BLOCK_SC_PDB_VALID_WORD(INSTANCE_VEID),
		 FAULTLINE_INSTANCE_BLOCK_SC_PDB_VALID(INSTANCE_VEID));
}

static unsigned long instance_key(u64 instance)
{
	return instance >> FAULTLINE_INSTANCE_BLOCK_BASE_SHIFT;
}

static void free_memory(struct faultline_vm *vm)
{
	if (vm->instance)
		dma_free_coherent(vm->fdev->dev, PAGE_SIZE, vm->instance,
				  vm->instance_dma);
	vm->instance = NULL;
	if (vm->table.root)
		faultline_table_fini(&vm->table);
}

/**
 * faultline_vm_create - make an address space that mirrors the caller's
 * @fdev: the device
 *
 * Return: the address space, or ERR_PTR(-ENOMEM) or another error.
 */
struct faultline_vm *faultline_vm_create(struct faultline_device *fdev)
{
	struct faultline_vm *vm;
	int ret;

	if (!current->mm)
		return ERR_PTR(-EINVAL);
	vm = kvzalloc_obj(*vm);
	if (!vm)
		return ERR_PTR(-ENOMEM);
	kref_init(&vm->ref);
	init_rwsem(&vm->use_lock);
	mutex_init(&vm->lock);
	faultline_thrash_init(&vm->thrash);
	vm->fdev = fdev;
	vm->mm = current->mm;
	vm->pid = task_tgid_nr(current);

	ret = faultline_table_init(&vm->table, &vm->lock, fdev->dev);
	if (ret)
		goto fail_free;
	vm->instance = dma_alloc_coherent(fdev->dev, PAGE_SIZE,
					  &vm->instance_dma, GFP_KERNEL);
	if (!vm->instance) {
		ret = -ENOMEM;
		goto fail_memory;
	}
	fill_instance(vm);
	ret = faultline_mirror_attach(vm);
	if (ret)
		goto fail_memory;
	ret = faultline_service_start(vm);
	if (ret)
		goto fail_detach;
	ret = xa_insert(&fdev->vms, instance_key(vm->instance_dma), vm,
			GFP_KERNEL);
	if (ret)
		goto fail_service;
	return vm;

fail_service:
	faultline_service_stop(vm);
fail_detach:
	faultline_mirror_detach(vm);
fail_memory:
	free_memory(vm);
fail_free:
	mutex_destroy(&vm->lock);
	kvfree(vm);
	return ERR_PTR(ret);
}

/**
 * faultline_vm_find - the address space of a fault packet
 * @fdev: the device
 * @instance: the packet's instance block
 *
 * Return: the address space with a reference, or NULL: it is closed.
 */
struct faultline_vm *faultline_vm_find(struct faultline_device *fdev,
				       u64 instance)
{
	struct faultline_vm *vm;

	xa_lock(&fdev->vms);
	vm = xa_load(&fdev->vms, instance_key(instance));
	if (vm)
		kref_get(&vm->ref);
	xa_unlock(&fdev->vms);
	return vm;
}

static void release(struct kref *ref)
{
	struct faultline_vm *vm = container_of(ref, struct faultline_vm, ref);

	faultline_thrash_fini(&vm->thrash);
	mutex_destroy(&vm->lock);
	kvfree(vm);
}

void faultline_vm_put(struct faultline_vm *vm)
{
	kref_put(&vm->ref, release);
}

/**
 * faultline_vm_enter - begin to map, not being the service thread
 * @vm: the address space
 *
 * Until faultline_vm_exit() its tables stay, and so does what they are allocated
 * from. Whoever closes the address space waits for that.
 *
 * Return: false, with nothing begun, once the address space is closed.
 */
bool faultline_vm_enter(struct faultline_vm *vm)
{
	might_sleep();
	lockdep_assert_not_held(&vm->lock);
	down_read(&vm->use_lock);
	if (!vm->dead)
		return true;
	up_read(&vm->use_lock);
	return false;
}

void faultline_vm_exit(struct faultline_vm *vm)
{
	up_read(&vm->use_lock);
}

/**
 * faultline_vm_close - take the address space from the device
 * @vm: the address space; its channels are stopped
 * @stopped: they really are: nothing will use its memory any more
 *
 * The structure stays until its last reference and its mirror until
 * faultline_vm_detach(), but no entry is left and none will be written.
 */
void faultline_vm_close(struct faultline_vm *vm, bool stopped)
{
	struct faultline_tlb_range range;
	u64 pdb;

	xa_erase(&vm->fdev->vms, instance_key(vm->instance_dma));
	faultline_service_stop(vm);
	faultline_access_clear_all(vm->fdev);

	down_write(&vm->use_lock);
	mutex_lock(&vm->lock);
	vm->dead = true;
	pdb = faultline_table_pdb(&vm->table);
	faultline_table_zap(&vm->table, 0, U64_MAX, &range);
	faultline_tlb_invalidate_all(vm->fdev, pdb);
	faultline_table_unmap_zapped(&vm->table, &range);
	mutex_unlock(&vm->lock);
	/*
	 * Not under @lock: to destroy a DMA pool takes a mutex under which other
	 * pools are made, and that may reclaim.
	 */
	if (stopped) {
		free_memory(vm);
	} else {
		dev_err(vm->fdev->dev,
			"device does not let go of the page tables of pid %d: leaking them\n",
			vm->pid);
		vm->instance = NULL;
		memset(&vm->table, 0, sizeof(vm->table));
	}
	up_write(&vm->use_lock);
}

/* Last step, outside all locks: waits for running notifiers. */
void faultline_vm_detach(struct faultline_vm *vm)
{
	faultline_mirror_detach(vm);
}
