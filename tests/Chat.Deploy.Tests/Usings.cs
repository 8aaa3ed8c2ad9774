global using System.Net;

// These tests use the processor for minutes, and ports, so they run one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// These tests need chroots, namespaces and other programs' servers: make test-deploy.
[assembly: Trait("Category", "Deploy")]
[assembly: AssemblyFixture(typeof(ErlChat.Deploy.Site))]
