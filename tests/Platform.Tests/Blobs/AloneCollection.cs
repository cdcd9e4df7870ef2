namespace Ovation.Platform.Tests.BlobStore;

/// <summary>Tests that measure memory: nothing else runs meanwhile.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
