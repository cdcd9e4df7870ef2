namespace Ovation.Platform.Tests;
