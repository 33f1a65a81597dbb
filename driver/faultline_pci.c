// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* PCI: probe, interrupt, remove, and the module. */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/idr.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "faultline_channel.h"
#include "faultline_compat.h"
#include "faultline_debugfs.h"
#include "faultline_device.h"
#include "faultline_evict.h"
#include "faultline_fault.h"
#include "faultline_file.h"
#include "faultline_note.h"
#include "faultline_pci.h"
#include "faultline_prf.h"
#include "faultline_selftest.h"
#include "faultline_tlb.h"
#include "faultline_vram.h"

#define FAULTLINE_BAR_REGISTERS	0

/* A system address as PTEs hold it: 47 bits (GP100 MMU format). */
#define FAULTLINE_DMA_BITS	47

static DEFINE_IDA(device_ids);

static irqreturn_t interrupt(int irq, void *arg)
{
	struct faultline_device *fdev = arg;

	faultline_device_count(fdev, FAULTLINE_COUNT_INTERRUPTS, 1);
	faultline_channels_interrupt(fdev);
	faultline_fault_interrupt(fdev);
	return IRQ_HANDLED;
}

/* Whatever ran before us left nothing running; writes only. */
static void quiesce(struct faultline_device *fdev)
{
	faultline_write(fdev, FAULTLINE_PMC_INTR_EN_CLEAR(0), U32_MAX);
	faultline_channels_quiesce(fdev);
	faultline_fault_disable(fdev);
}

static int identify(struct faultline_device *fdev)
{
	u32 channels;

	if (!faultline_device_present(fdev)) {
		dev_err(fdev->dev, "no Faultline device answers in BAR %d\n",
			FAULTLINE_BAR_REGISTERS);
		return -ENODEV;
	}
	fdev->version = faultline_read(fdev, FAULTLINE_VERSION);
	if (FIELD_GET(FAULTLINE_VERSION_MAJOR, fdev->version) !=
	    FIELD_GET(FAULTLINE_VERSION_MAJOR, FAULTLINE_VERSION_RESET)) {
		dev_err(fdev->dev, "device version %#x is not supported\n",
			fdev->version);
		return -ENODEV;
	}
	channels = faultline_read(fdev, FAULTLINE_CHANNELS);
	faultline_channels_init(fdev,
				FIELD_GET(FAULTLINE_CHANNELS_STREAM, channels),
				FIELD_GET(FAULTLINE_CHANNELS_COPY, channels));
	if (fdev->channels.stream_count + fdev->channels.copy_count >
	    FAULTLINE_CHANNELS_MAX) {
		dev_err(fdev->dev, "more than %d channels\n",
			FAULTLINE_CHANNELS_MAX);
		return -ENODEV;
	}
	faultline_note_init(fdev);
	fdev->vram_bytes = (u64)faultline_read(fdev, FAULTLINE_VRAM_SIZE) << 20;
	return 0;
}

static int map_device(struct faultline_device *fdev)
{
	struct pci_dev *pdev = fdev->pdev;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	ret = dma_set_mask_and_coherent(fdev->dev, DMA_BIT_MASK(FAULTLINE_DMA_BITS));
	if (ret)
		return dev_err_probe(fdev->dev, ret, "no DMA mask of %d bits\n",
				     FAULTLINE_DMA_BITS);
	/* A mirror cannot go through bounce buffers. */
	if (dma_addressing_limited(fdev->dev))
		return dev_err_probe(fdev->dev, -EOPNOTSUPP,
				     "memory beyond the device's reach\n");
	ret = pcim_request_all_regions(pdev, KBUILD_MODNAME);
	if (ret)
		return ret;
	fdev->regs = pcim_iomap(pdev, FAULTLINE_BAR_REGISTERS, 0);
	if (!fdev->regs)
		return dev_err_probe(fdev->dev, -ENOMEM, "cannot map BAR %d\n",
				     FAULTLINE_BAR_REGISTERS);
	return 0;
}

static int request_interrupt(struct faultline_device *fdev)
{
	struct pci_dev *pdev = fdev->pdev;
	int ret;

	ret = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSI | PCI_IRQ_MSIX);
	if (ret < 0)
		return dev_err_probe(fdev->dev, ret, "no MSI vector\n");
	ret = request_irq(pci_irq_vector(pdev, 0), interrupt, 0, KBUILD_MODNAME,
			  fdev);
	if (ret)
		pci_free_irq_vectors(pdev);
	return ret;
}

static void free_interrupt(struct faultline_device *fdev)
{
	free_irq(pci_irq_vector(fdev->pdev, 0), fdev);
	pci_free_irq_vectors(fdev->pdev);
}

static void close_kernel_channel(struct faultline_device *fdev)
{
	struct faultline_channel *channel;
	int ret;

	lockdep_assert_held_write(&fdev->reset_lock);
	mutex_lock(&fdev->copy_lock);
	channel = fdev->kernel_channel;
	fdev->kernel_channel = NULL;
	mutex_unlock(&fdev->copy_lock);
	ret = faultline_channel_stop(channel);
	faultline_channel_free_rings(channel, !ret);
	if (!ret)
		faultline_channel_free(channel);
}

/* The kernel's own copy channel, and with it the proof of coherence. */
static int open_kernel_channel(struct faultline_device *fdev)
{
	struct faultline_channel *channel;
	int ret;

	lockdep_assert_held_write(&fdev->reset_lock);
	channel = faultline_channel_open(fdev, FAULTLINE_CHANNEL_COPY, NULL);
	if (IS_ERR(channel))
		return PTR_ERR(channel);
	mutex_lock(&fdev->copy_lock);
	fdev->kernel_channel = channel;
	mutex_unlock(&fdev->copy_lock);
	ret = faultline_selftest_coherence(channel);
	if (ret)
		close_kernel_channel(fdev);
	return ret;
}

/* Who opens a channel looks at it under one of the two locks, who copies under the other. */
static void set_running(struct faultline_device *fdev, bool running)
{
	lockdep_assert_held_write(&fdev->reset_lock);
	mutex_lock(&fdev->copy_lock);
	fdev->running = running;
	mutex_unlock(&fdev->copy_lock);
}

/* The device's part of probe, and of the end of a reset. */
static int start(struct faultline_device *fdev)
{
	int ret;

	lockdep_assert_held_write(&fdev->reset_lock);
	if (READ_ONCE(fdev->vram.lost)) {
		dev_err(fdev->dev,
			"processes still have memory that was lost with the device: end them, or bind the driver again\n");
		return -EIO;
	}
	faultline_channels_take_up(fdev);
	quiesce(fdev);
	ret = faultline_tlb_start(fdev);
	if (ret)
		return ret;
	pci_set_master(fdev->pdev);
	ret = open_kernel_channel(fdev);
	if (ret)
		return ret;
	ret = faultline_fault_start(fdev);
	if (ret) {
		close_kernel_channel(fdev);
		return ret;
	}
	faultline_write(fdev, FAULTLINE_PMC_INTR_EN_SET(0),
			FAULTLINE_PMC_INTR_EN_SET_PFIFO |
			FAULTLINE_PMC_INTR_EN_SET_HUB);
	faultline_tlb_refill(fdev);
	set_running(fdev, true);
	faultline_vram_start(fdev);
	return 0;
}

static void stop(struct faultline_device *fdev)
{
	lockdep_assert_held_write(&fdev->reset_lock);
	if (!fdev->running)
		return;
	/* While the engine still copies. */
	faultline_vram_stop(fdev);
	faultline_evict_all(fdev);
	set_running(fdev, false);
	faultline_write(fdev, FAULTLINE_PMC_INTR_EN_CLEAR(0), U32_MAX);
	faultline_fault_stop(fdev);
	close_kernel_channel(fdev);
	quiesce(fdev);
}

static int faultline_pci_probe(struct pci_dev *pdev,
			       const struct pci_device_id *id)
{
	struct faultline_device *fdev;
	int ret;

	fdev = kzalloc_obj(*fdev);
	if (!fdev)
		return -ENOMEM;
	kref_init(&fdev->ref);
	INIT_LIST_HEAD(&fdev->files);
	mutex_init(&fdev->files_lock);
	mutex_init(&fdev->copy_lock);
	init_rwsem(&fdev->reset_lock);
	faultline_vram_init(fdev);
	xa_init(&fdev->vms);
	fdev->pdev = pdev;
	fdev->dev = &pdev->dev;
	faultline_tlb_init(fdev);
	faultline_prf_init(fdev);
	pci_set_drvdata(pdev, fdev);

	ret = map_device(fdev);
	if (ret)
		goto fail_put;
	ret = identify(fdev);
	if (ret)
		goto fail_put;
	fdev->id = ida_alloc(&device_ids, GFP_KERNEL);
	if (fdev->id < 0) {
		ret = fdev->id;
		goto fail_put;
	}
	ret = faultline_fault_init(fdev);
	if (ret)
		goto fail_id;
	ret = request_interrupt(fdev);
	if (ret)
		goto fail_fault;
	down_write(&fdev->reset_lock);
	ret = start(fdev);
	up_write(&fdev->reset_lock);
	if (ret)
		goto fail_interrupt;
	/* Files may be opened as soon as the node is there. */
	snprintf(fdev->name, sizeof(fdev->name), "faultline%d", fdev->id);
	faultline_debugfs_register(fdev);
	ret = faultline_file_register(fdev);
	if (ret)
		goto fail_stop;
	dev_info(&pdev->dev, "/dev/%s: %u stream and %u copy channels, %llu MiB\n",
		 fdev->name, fdev->channels.stream_count,
		 fdev->channels.copy_count, fdev->vram_bytes >> 20);
	return 0;

fail_stop:
	faultline_debugfs_unregister(fdev);
	down_write(&fdev->reset_lock);
	stop(fdev);
	up_write(&fdev->reset_lock);
fail_interrupt:
	free_interrupt(fdev);
fail_fault:
	faultline_fault_fini(fdev);
fail_id:
	ida_free(&device_ids, fdev->id);
fail_put:
	faultline_device_put(fdev);
	return ret;
}

/* Unbind or unplug, with files open or not, the device there or not. */
static void faultline_pci_remove(struct pci_dev *pdev)
{
	struct faultline_device *fdev = pci_get_drvdata(pdev);

	faultline_file_unregister(fdev);
	faultline_debugfs_unregister(fdev);
	down_write(&fdev->reset_lock);
	stop(fdev);
	up_write(&fdev->reset_lock);
	free_interrupt(fdev);
	pci_clear_master(pdev);
	faultline_device_unplug(fdev);
	faultline_fault_fini(fdev);
	ida_free(&device_ids, fdev->id);
	faultline_device_put(fdev);
}

/* Nothing may write to memory while another kernel starts. */
static void faultline_pci_shutdown(struct pci_dev *pdev)
{
	struct faultline_device *fdev = pci_get_drvdata(pdev);

	quiesce(fdev);
	pci_clear_master(pdev);
}

/* Somebody resets the function: what it knows of its users is lost, and so are they. */
static void faultline_pci_reset_prepare(struct pci_dev *pdev)
{
	struct faultline_device *fdev = pci_get_drvdata(pdev);

	down_write(&fdev->reset_lock);
	faultline_file_close_all(fdev);
	stop(fdev);
}

static void faultline_pci_reset_done(struct pci_dev *pdev)
{
	struct faultline_device *fdev = pci_get_drvdata(pdev);
	int ret;

	ret = start(fdev);
	if (ret)
		dev_err(fdev->dev, "does not work after its reset: %d\n", ret);
	up_write(&fdev->reset_lock);
}

static const struct pci_error_handlers faultline_pci_error_handlers = {
	.reset_prepare = faultline_pci_reset_prepare,
	.reset_done = faultline_pci_reset_done,
};

static const struct pci_device_id faultline_pci_ids[] = {
	{ PCI_DEVICE(FAULTLINE_PCI_VENDOR, FAULTLINE_PCI_DEVICE) },
	{ }
};
MODULE_DEVICE_TABLE(pci, faultline_pci_ids);

static struct pci_driver faultline_pci_driver = {
	.name = KBUILD_MODNAME,
	.id_table = faultline_pci_ids,
	.probe = faultline_pci_probe,
	.remove = faultline_pci_remove,
	.shutdown = faultline_pci_shutdown,
	.err_handler = &faultline_pci_error_handlers,
};

static int __init faultline_init(void)
{
	int ret;

	faultline_debugfs_init();
	ret = pci_register_driver(&faultline_pci_driver);
	if (ret)
		faultline_debugfs_exit();
	return ret;
}
module_init(faultline_init);

static void __exit faultline_exit(void)
{
	pci_unregister_driver(&faultline_pci_driver);
	faultline_debugfs_exit();
}
module_exit(faultline_exit);

MODULE_DESCRIPTION("Faultline, a device with replayable page faults");
MODULE_LICENSE("Dual MIT/GPL");
